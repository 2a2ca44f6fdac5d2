"""The writer with a model: structured output into the same ``Script``, each line with the source lines that it speaks of.

Whatever is not a whole script (blocked, cut off, broken, empty) is asked for again and then reported: nothing of it is used. The
request runs in a thread of its own, so that a cancel returns at once.
"""

from __future__ import annotations

import json
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from declaim.errors import DeclaimError, InputError
from declaim.model.cue import CueError, escape, parse_cues
from declaim.model.key import checked_key, key_from_environment, key_variable, without_key
from declaim.model.script import Chapter, Line, Script, WrittenScript
from declaim.model.source import BlockKind, LeftOut, SourceLines, SourceType
from declaim.model.work import CancelToken
from declaim.scripts.briefing import SCHEMA, instruction, material, passages_of, speakers_of
from declaim.scripts.doubts import find_doubts, known_words
from declaim.scripts.request import WriteRequest

MODEL = "gemini-3.8-flash"
SILENCE_S = 120.0
"""Without a sign of life, before the request is given up."""
TRIES = 3
TIMEOUT_MS = 180_000
_TICK_S = 0.05
_RETRIED = frozenset({408, 429, 500, 502, 503, 504})
_LONGEST_WAIT_S = 60.0
_UNSPOKEN = frozenset({BlockKind.HEADING, BlockKind.RULE, BlockKind.IMAGE, BlockKind.HTML})


class WritingFailed(DeclaimError):
    """A model in the cloud gave no script. The script that is there stays."""


class _Unfit(Exception):
    """An answer that is no script; the words say why."""


class GeminiWriter:
    """``on_text`` gets each piece of the raw answer as it arrives, in the writing thread; an empty piece says that it was asked
    again."""

    name = "gemini"

    def __init__(
        self,
        find_key: Callable[[], str] | None = None,
        *,
        base_url: str = "",
        model: str = MODEL,
        on_text: Callable[[str], None] | None = None,
        silence_s: float = SILENCE_S,
    ) -> None:
        self._find_key = find_key or (lambda: key_from_environment("gemini"))
        self._base_url, self._model, self._on_text, self._silence_s = base_url, model, on_text, silence_s

    def write(self, request: WriteRequest, cancel: CancelToken) -> WrittenScript:
        """The script of the source.

        Raises:
            InputError: where the source has nothing to say.
            WritingFailed: where there is no key, the service refused, or its answers were no script.
            Cancelled: when the user asked to stop.
        """
        if not request.source.markdown.strip():
            raise InputError("The source has no words to speak.", cure="Choose a source with text in it.")
        key = self._key()
        reason = ""
        for attempt in range(TRIES):
            if attempt and self._on_text is not None:
                self._on_text("")
            try:
                return self._written(self._ask(request, key, cancel), request)
            except _Unfit as unfit:
                reason = f"Gemini gave no whole script: {unfit}."
            except _Refused as refused:
                if attempt == TRIES - 1 or not refused.is_passing:
                    raise refused.error from None
                cancel.wait(min(_LONGEST_WAIT_S, refused.wait_s if refused.wait_s is not None else 0.5 * 2**attempt))
        raise WritingFailed(
            reason, cure="Try again, choose a shorter source, or use the offline writer. Your script is unchanged."
        )

    def _key(self) -> str:
        key = self._find_key()
        if not key:
            cure = f"Add a Gemini key in Settings › Voices, or set {key_variable('gemini')}. The offline writer needs none."
            raise WritingFailed("The Gemini writer needs a key.", cure=cure)
        return checked_key(key)

    def _ask(self, request: WriteRequest, key: str, cancel: CancelToken) -> str:
        """The whole answer, piece by piece.

        Raises:
            _Unfit, _Refused, Cancelled
        """
        pieces: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._stream, args=(request, key, pieces), name="gemini writer", daemon=True).start()
        text, heard = "", time.monotonic()
        while True:
            cancel.check()
            try:
                kind, value = pieces.get(timeout=_TICK_S)
            except queue.Empty:
                if time.monotonic() - heard > self._silence_s:
                    raise _Refused(_late(self._silence_s), is_passing=False) from None
                continue
            heard = time.monotonic()
            if kind == "text":
                text += value
                if self._on_text is not None:
                    self._on_text(value)
            elif kind == "end":
                _check_end(value, text)
                return text
            else:
                raise _refused(value, key, self._model)

    def _stream(self, request: WriteRequest, key: str, pieces: queue.SimpleQueue[tuple[str, Any]]) -> None:
        try:
            ended = ""
            with closing(self._client(key)) as client:
                asked = {"model": self._model, "contents": material(request), "config": _config(request)}
                with closing(client.models.generate_content_stream(**asked)) as chunks:
                    for chunk in chunks:
                        ended = _ending(chunk) or ended
                        for text in _texts(chunk):
                            pieces.put(("text", text))
            pieces.put(("end", ended))
        except Exception as error:  # noqa: BLE001 - told in the thread that waits
            pieces.put(("error", error))

    def _client(self, key: str) -> Any:
        from google import genai
        from google.genai import types

        base_url = self._base_url or os.environ.get("GOOGLE_GEMINI_BASE_URL") or None
        options = types.HttpOptions(base_url=base_url, api_version="v1beta", timeout=TIMEOUT_MS)
        return genai.Client(api_key=key, vertexai=False, http_options=options)

    def _written(self, text: str, request: WriteRequest) -> WrittenScript:
        script = _script_of(_parsed(text), request)
        known = known_words(request.settings, request.source, request.releases)
        doubts = find_doubts(script.lines, request.source.markdown.splitlines(), known)
        return WrittenScript(script, _left_out(script, request), self.name, doubts)


class _Refused(Exception):
    def __init__(self, error: WritingFailed, *, is_passing: bool, wait_s: float | None = None) -> None:
        super().__init__(error.message)
        self.error, self.is_passing, self.wait_s = error, is_passing, wait_s


def _config(request: WriteRequest) -> Any:
    from google.genai import types

    schema: Any = dict(SCHEMA)
    return types.GenerateContentConfig(
        system_instruction=instruction(request), response_mime_type="application/json", response_schema=schema
    )


def _ending(chunk: Any) -> str:
    """Why the answer ended: the finish reason, or that it was blocked."""
    feedback = chunk.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        return f"blocked {getattr(feedback.block_reason, 'value', feedback.block_reason)}"
    candidate = (chunk.candidates or [None])[0]
    reason = candidate.finish_reason if candidate is not None else None
    return str(getattr(reason, "value", reason)) if reason else ""


def _texts(chunk: Any) -> Iterator[str]:
    candidate = (chunk.candidates or [None])[0]
    parts = (candidate.content.parts if candidate is not None and candidate.content is not None else None) or ()
    for part in parts:
        if part.text and not part.thought:
            yield part.text


def _check_end(ended: str, text: str) -> None:
    if ended.startswith("blocked") or ended in ("SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"):
        cure = "Change the source, or use the offline writer. Your script is unchanged."
        raise _Refused(WritingFailed(f"Gemini refused the text of the source ({ended}).", cure=cure), is_passing=False)
    if ended == "MAX_TOKENS":
        raise _Unfit("it is longer than the model may write")
    if ended != "STOP":
        raise _Unfit("the answer broke off" if text else "the answer is empty")


def _parsed(text: str) -> dict[str, Any]:
    try:
        plain = json.loads(text)
    except ValueError:
        raise _Unfit("the answer cannot be read") from None
    if not isinstance(plain, dict) or not isinstance(plain.get("chapters"), list):
        raise _Unfit("the answer has no chapters")
    return plain


def _script_of(plain: dict[str, Any], request: WriteRequest) -> Script:
    chapters = []
    for item in plain["chapters"]:
        found = item.get("lines") if isinstance(item, dict) else None
        lines = [line for one in found or () if (line := _line_of(one, request)) is not None]
        if lines:
            chapters.append(Chapter(str(item.get("title") or ""), tuple(lines)))
    if not chapters:
        raise _Unfit("the answer has no lines")
    # Only the first chapter may have no title.
    named = [chapters[0], *(chapter if chapter.title else Chapter("More", chapter.lines) for chapter in chapters[1:])]
    return Script(request.settings.title or str(plain.get("title") or request.source.title), tuple(named))


def _line_of(item: Any, request: WriteRequest) -> Line | None:
    if not isinstance(item, dict) or not isinstance(item.get("text"), str) or not item["text"].strip():
        return None
    allowed = speakers_of(request.settings)
    speaker = str(item.get("speaker") or "").strip().upper()
    text = " ".join(item["text"].split())
    try:
        parse_cues(text)
    except CueError:
        text = escape(text)
    cited = _cited(item.get("first_source_line"), item.get("last_source_line"), request)
    return Line(speaker if speaker in allowed else allowed[0], text, source_lines=cited)


def _cited(first: object, last: object, request: WriteRequest) -> SourceLines | None:
    """The lines that the model names, where they lie in what it was given."""
    if not isinstance(first, int) or not isinstance(last, int) or isinstance(first, bool) or not 1 <= first <= last:
        return None
    for begin, end in passages_of(request):
        if begin <= first and last <= end:
            return first, last
    return None


def _left_out(script: Script, request: WriteRequest) -> tuple[LeftOut, ...]:
    """What no line speaks of, besides what the reading of the file already left out."""
    told = {number for line in script.lines if (at := line.source_lines) for number in range(at[0], at[1] + 1)}
    source = request.source
    items: list[tuple[SourceLines, str]]
    releases = request.releases or source.releases[:1]
    if source.source_type is SourceType.CHANGELOG and releases:
        items = [(entry.source_lines, entry.text) for release in releases for entry in release.entries]
    else:
        items = [(block.source_lines, block.text) for block in source.blocks if block.kind not in _UNSPOKEN]
    missed = [
        LeftOut(at, text, "the writer does not speak of it") for at, text in items if not told & set(range(at[0], at[1] + 1))
    ]
    return tuple(sorted({*source.left_out, *missed}, key=lambda item: (item.source_lines, item.reason, item.text)))


def _refused(error: Exception, key: str, model: str) -> _Refused:
    """An error of the SDK or of the network, in words; a bug is raised as it is."""
    from google.genai import errors

    kept = "Your script is unchanged."
    if isinstance(error, errors.APIError):
        status, said = int(error.code or 0), without_key(str(error.message or ""), key)[:200].rstrip(". ")
        details = str(error.details)
        if status in (401, 403) or "API_KEY" in details or "api key" in said.lower():
            wrong = "Your Gemini key has expired." if "expired" in said.lower() else "Gemini does not accept the key."
            cure = f"Replace it in Settings › Voices, or in {key_variable('gemini')}. {kept}"
            return _Refused(WritingFailed(wrong, cure=cure), is_passing=False)
        if status == 404:
            return _Refused(
                WritingFailed(f"Gemini has no model {model} (any more).", cure=f"Update Declaim. {kept}"), is_passing=False
            )
        what = "has had too many requests" if status == 429 else f"refused ({status})"
        is_passing = status in _RETRIED and "PerDay" not in details
        error_ = WritingFailed(f"Gemini {what}: “{said}”.", cure=f"Try again later, or use the offline writer. {kept}")
        return _Refused(error_, is_passing=is_passing, wait_s=_retry_delay(error.details))
    if isinstance(error, OSError | ValueError) or type(error).__module__.startswith(("httpx", "httpcore", "h11", "ssl")):
        cure = f"Check the network, then try again; the offline writer needs none. {kept}"
        return _Refused(WritingFailed("Gemini cannot be reached, or broke off.", cure=cure), is_passing=True)
    raise error


def _retry_delay(details: Any) -> float | None:
    inner = details.get("error", details) if isinstance(details, dict) else {}
    for item in inner.get("details") or () if isinstance(inner, dict) else ():
        delay = item.get("retryDelay") if isinstance(item, dict) else None
        try:
            return float(str(delay).removesuffix("s")) if delay else None
        except ValueError:
            return None
    return None


def _late(seconds: float) -> WritingFailed:
    cure = "Try again later, or use the offline writer. Your script is unchanged."
    return WritingFailed(f"Gemini gave no sign of life for {seconds:.0f} seconds.", cure=cure)
