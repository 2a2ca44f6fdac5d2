"""Large public files, fetched without a key: resumed where they broke off, checked, cancelled at once.

A part that stays behind is continued with ``Range`` (RFC 9110 §14); a server that does not know it sends all anew. Redirects are
followed, never to plain http and never from outside into this network. What comes is only as good as its size and digests.
"""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from declaim.errors import DeclaimError, RemoteMisanswered, RemoteRefused, RemoteUnavailable, VoiceError
from declaim.model.work import CancelToken
from declaim.remote.addresses import check_base_url, check_fetched_url, origin_of
from declaim.remote.pacing import retry_after_s

if TYPE_CHECKING:
    import httpx2

MOST_LIST_BYTES = 20_000_000
TRIES = 5
"""In a row without a byte gained."""
_TICK_S = 0.05
_CHUNK_BYTES = 64 * 1024
_SILENCE_S = 30.0
_LONGEST_WAIT_S = 60.0
_SPARE_BYTES = 20_000_000
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
OnBytes = Callable[[int], None]


def fetch_list(base_url: str, path: str, cancel: CancelToken, *, pause_s: float = 1.0) -> Any:
    """The JSON below a base URL, bounded.

    Raises:
        RemoteError InputError Cancelled
    """
    found = bytearray()
    _Fetching(base_url, path, cancel, pause_s).run(lambda: 0, lambda _at, chunks: _collect(chunks, found))
    try:
        return json.loads(found)
    except ValueError:
        raise RemoteMisanswered(f"The list {path} of {origin_of(base_url).host} cannot be read.", code="no_json") from None


def fetch_file(
    base_url: str,
    path: str,
    part: Path,
    *,
    size_bytes: int,
    digests: Sequence[str],
    cancel: CancelToken,
    on_bytes: OnBytes = lambda _count: None,
    pause_s: float = 1.0,
) -> None:
    """Makes ``part`` the whole file, from where it stands. ``on_bytes`` gets how many bytes are there. An error or a cancel
    keeps what came; a file that turns out to be another one is deleted.

    Raises:
        RemoteError InputError Cancelled
        VoiceError: where the disk has no room.
    """
    part.parent.mkdir(parents=True, exist_ok=True)
    fetching = _Fetching(base_url, path, cancel, pause_s)
    for attempt in (1, 2):
        began_at = _size(part)
        if began_at > size_bytes:
            part.unlink()
            began_at = 0
        _check_room(part, size_bytes - began_at)
        if began_at < size_bytes:
            fetching.run(lambda: _size(part), lambda at, chunks: _append(part, at, chunks, size_bytes, on_bytes), size_bytes)
        on_bytes(size_bytes)
        if _fits(part, digests):
            return
        part.unlink()
        # What was there before may have been of another version: once, all of it anew.
        if not began_at or attempt == 2:
            break
    name, host = part.name.removesuffix(".part"), origin_of(base_url).host
    message = f"{name} came from {host} with another content than announced, and was deleted."
    raise RemoteMisanswered(message, code="wrong_digest", cure="Try again; if it stays so, choose another voice or source.")


class _Fetching:
    """One address. The request runs in a thread of its own, so that a cancel need not wait for a silent server."""

    def __init__(self, base_url: str, path: str, cancel: CancelToken, pause_s: float) -> None:
        self._base_url = check_base_url(base_url)
        self._url = f"{self._base_url}/{path}"
        self._host = origin_of(self._base_url).host
        self._cancel, self._pause_s = cancel, pause_s

    def run(self, at: Callable[[], int], take: Callable[[int, Iterator[bytes]], None], size_bytes: int = 0) -> None:
        """Tries until ``take`` has had everything; it gets where the bytes begin, and the bytes."""
        failures = 0
        while True:
            before = at()
            try:
                self._in_thread(lambda stop, start=before: self._once(start, size_bytes, take, stop))  # type: ignore[misc]
                return
            except RemoteUnavailable as error:
                failures = failures + 1 if at() <= before else 1
                if failures >= TRIES:
                    raise
                asked = error.retry_after_s
                self._cancel.wait(min(_LONGEST_WAIT_S, asked if asked is not None else self._pause_s * 2 ** (failures - 1)))

    def _in_thread(self, work: Callable[[threading.Event], None]) -> None:
        stop, errors = threading.Event(), list[Exception]()

        def run() -> None:
            try:
                work(stop)
            except Exception as error:  # noqa: BLE001 - raised in the thread that waits
                errors.append(error)

        thread = threading.Thread(target=run, name="download", daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                self._cancel.check()
                thread.join(_TICK_S)
        finally:
            stop.set()
        if errors:
            raise errors[0]

    def _once(self, at: int, size_bytes: int, take: Callable[[int, Iterator[bytes]], None], stop: threading.Event) -> None:
        with self._opened(at) as response:
            if response.status_code == 416 and at:
                raise self._broken("does not know where to go on") if size_bytes else self._refused(416)
            self._check(response)
            start = at if response.status_code == 206 and _starts_at(response, at) else 0
            announced = response.headers.get("content-length", "")
            if size_bytes and announced.isdigit() and int(announced) != size_bytes - start:
                message = f"{self._host} announces {int(announced) + start:,} bytes instead of {size_bytes:,}."
                raise RemoteMisanswered(message, code="wrong_size", cure="Try again later, or choose another source.")
            take(start, _until(stop, response.iter_raw(_CHUNK_BYTES)))

    @contextmanager
    def _opened(self, at: int) -> Iterator[httpx2.Response]:
        import httpx2

        def check(request: httpx2.Request) -> None:
            check_fetched_url(str(request.url), self._base_url)

        headers = {"Accept": "*/*", "Accept-Encoding": "identity"} | ({"Range": f"bytes={at}-"} if at else {})
        is_here = origin_of(self._base_url).is_loopback
        client = httpx2.Client(
            follow_redirects=True,
            max_redirects=5,
            timeout=httpx2.Timeout(_SILENCE_S, connect=15.0),
            event_hooks={"request": [check]},
            trust_env=not is_here,
        )
        try:
            with closing(client), client.stream("GET", self._url, headers=headers) as response:
                yield response
        except httpx2.TooManyRedirects:
            raise RemoteMisanswered(f"{self._host} redirects in a circle.", code="redirected") from None
        except httpx2.HTTPError as error:
            raise self._broken(type(error).__name__) from None

    def _check(self, response: httpx2.Response) -> None:
        status = response.status_code
        if status in _RETRIED:
            error = RemoteUnavailable(f"{self._host} cannot answer now ({status}).", cure="Try again later.", status=status)
            error.retry_after_s = retry_after_s(response.headers)
            raise error
        if status not in (200, 206):
            raise self._refused(status)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind in ("text/html", "application/xhtml+xml") or response.headers.get("content-encoding", "identity") != "identity":
            raise RemoteMisanswered(f"{self._host} gave a page where a file belongs.", code="no_file")

    def _refused(self, status: int) -> RemoteRefused:
        what = "has no such file (any more)" if status in (404, 410) else f"does not give the file ({status})"
        return RemoteRefused(f"{self._host} {what}: {self._url}", cure="Choose another voice or source.", status=status)

    def _broken(self, why: str) -> RemoteUnavailable:
        cure = "Check the network and try again: what has come is kept and continued."
        return RemoteUnavailable(f"The download from {self._host} broke off ({why}).", cure=cure)


class _Stopped(Exception):
    """Nobody waits for this request any more."""


def _until(stop: threading.Event, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if stop.is_set():
            raise _Stopped
        yield chunk


def _starts_at(response: httpx2.Response, at: int) -> bool:
    return bool(response.headers.get("content-range", "").strip().lower().startswith(f"bytes {at}-"))


def _collect(chunks: Iterator[bytes], found: bytearray) -> None:
    found.clear()
    for chunk in chunks:
        found += chunk
        if len(found) > MOST_LIST_BYTES:
            raise RemoteMisanswered("The list is too long to be one.", code="too_large")


def _append(part: Path, at: int, chunks: Iterator[bytes], size_bytes: int, on_bytes: OnBytes) -> None:
    try:
        with part.open("r+b" if at else "wb") as file:
            file.seek(at)
            count = at
            for chunk in chunks:
                count += len(chunk)
                if count > size_bytes:
                    raise RemoteMisanswered(f"{part.name.removesuffix('.part')} is longer than announced.", code="wrong_size")
                file.write(chunk)
                on_bytes(count)
    except OSError as error:
        raise disk_error(error, part.parent) from error
    if count < size_bytes:
        raise RemoteUnavailable("The download broke off.", cure="Try again: what has come is kept and continued.")


def _check_room(part: Path, needed_bytes: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if free < needed_bytes + _SPARE_BYTES:
        message = f"The disk has {free / 1e6:.0f} MB left, the voice needs {needed_bytes / 1e6:.0f} MB and some room."
        raise VoiceError(message, cure=f"Make room on the disk of {part.parent}, then download again.")


def disk_error(error: OSError, folder: Path) -> DeclaimError:
    """Why a voice cannot be kept, in the user's words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return VoiceError("The disk is full.", cure="Make room, then download again: what has come is kept and continued.")
    return VoiceError(f"{folder} cannot be written: {error.strerror or error}.", cure="Look at its permissions.")


def _size(part: Path) -> int:
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0


def _fits(part: Path, digests: Sequence[str]) -> bool:
    """Whether every digest is its own; without any, nothing can be said for it."""
    for digest in digests:
        kind, _, wanted = digest.partition(":")
        with part.open("rb") as file:
            if hashlib.file_digest(file, lambda name=kind: hashlib.new(name, usedforsecurity=False)).hexdigest() != wanted:  # type: ignore[misc]
                return False
    return bool(digests)
