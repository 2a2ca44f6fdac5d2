"""How a render with a cloud voice keeps a service busy: ``python tests/benchmarks/bench_cloud.py [gemini|elevenlabs]``.

200 lines against a server on this machine that answers in a second, four side by side: 50 s is the least that is possible. Then
the same with one request in ten failing (500, 429, a cut connection, empty audio, garbage), with two hosts who are spoken in one
request, a few lines at a time, then how long a cancel takes.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from declaim.errors import Cancelled  # noqa: E402
from declaim.model.delivery import Delivery  # noqa: E402
from declaim.model.ids import VoiceId  # noqa: E402
from declaim.model.script import Chapter, Line, Script  # noqa: E402
from declaim.model.voice import Cast  # noqa: E402
from declaim.model.work import CancelToken  # noqa: E402
from declaim.render import LineCache, RenderRequest, plan_render, render  # noqa: E402
from declaim.voices import Access, Voices  # noqa: E402
from declaim.voices.cloud import CloudEngine  # noqa: E402
from declaim.voices.elevenlabs import ElevenLabsEngine  # noqa: E402
from declaim.voices.gemini import GeminiEngine  # noqa: E402
from tests.support import elevenlabs_server, gemini_server  # noqa: E402
from tests.support.speech_server import LoopbackServer, Reply, Seen  # noqa: E402

LINES = 200
SIDE_BY_SIDE = 4


class Service:
    """An engine with its server. ``fails``: every tenth request gets something else than sound."""

    def __init__(self, name: str, folder: Path, url: str, server: LoopbackServer) -> None:
        self.server = server
        made: Callable[[Access], CloudEngine] = GeminiEngine if name == "gemini" else ElevenLabsEngine
        access = Access(folder, lambda _name: server.key, lambda _name: True)
        access.choose(name, base_url=url, requests_at_once=SIDE_BY_SIDE)
        self.engine = made(access)
        self.second = VoiceId("gemini:Puck" if name == "gemini" else f"elevenlabs:{elevenlabs_server.OTHER_VOICE}")
        self.voice = VoiceId("gemini:Kore" if name == "gemini" else f"elevenlabs:{elevenlabs_server.VOICE}")


def server_of(name: str, *, fails: bool) -> tuple[LoopbackServer, Counter[str]]:
    kind = gemini_server.GeminiServer if name == "gemini" else elevenlabs_server.ElevenLabsServer
    paid: Counter[str] = Counter()

    class Counting(kind):  # type: ignore[misc, valid-type]
        asked_count = 0

        def answer(self, seen: Seen) -> Reply:
            if self.is_question(seen):
                return super().answer(seen)
            with self._lock:
                self.asked_count += 1
                count = self.asked_count
            if fails and count % 10 == 0:
                return failures(name)[count // 10 % 5]
            paid.update(texts_of(seen))
            return super().answer(seen)

    server = Counting()
    server.delay_s = 1.0
    return server, paid


def texts_of(seen: Seen) -> list[str]:
    if "contents" in seen.body:
        return gemini_server.turns_of(seen)
    return [turn["text"] for turn in seen.body["inputs"]] if "inputs" in seen.body else [seen.body["text"]]


def failures(name: str) -> list[Reply]:
    garbage, cut = Reply(200, b"\x00garbage" * 50), Reply(200, b"x" * 4000, cut_after=100)
    if name == "gemini":
        busy = gemini_server.refusal(429, "RESOURCE_EXHAUSTED", "slow down", retry="1s")
        return [gemini_server.refusal(500, "INTERNAL", "oops"), busy, cut, gemini_server.silent(), garbage]
    busy = elevenlabs_server.refusal(429, "too_many_concurrent_requests", "slow down", {"retry-after": "1"})
    return [elevenlabs_server.refusal(500, "internal", "oops"), busy, cut, Reply.of({"audio_base64": ""}), garbage]


def request_of(voice: VoiceId, out: Path, second: VoiceId | None = None) -> RenderRequest:
    lines = tuple(Line(f"HOST{1 + index % 2}", f"This is line {index}, and it says so in a few words.") for index in range(LINES))
    cast = Cast(voice, {"HOST2": second or voice})
    return RenderRequest(Script("Bench", (Chapter("", lines),)), cast, Delivery(), (), out, loudness="none")


def measure(name: str, *, fails: bool, is_talk: bool = False) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        server, paid = server_of(name, fails=fails)
        with server.running() as url:
            service = Service(name, folder / "config", url, server)
            voices, cache = Voices([service.engine]), LineCache(folder / "lines")
            request = request_of(service.voice, folder / "out.wav", service.second if is_talk else None)
            estimate = plan_render(request, voices, cache).cost_usd
            started, processor = time.monotonic(), time.process_time()
            result = render(request, voices, cache, CancelToken())
            ended, processor = time.monotonic(), time.process_time() - processor
            seconds, waited = ended - started, server.asked[0].at - started
            after = ended - server.asked[-1].at - server.delay_s
            again = plan_render(request, voices, cache)
            service.engine.close()
    least = LINES / SIDE_BY_SIDE
    cost = sum(line.known.recipe.cost_usd for line in again.lines if line.known)
    what = "two hosts" if is_talk else "one in ten failing" if fails else "all well"
    print(
        f"{name:11}{what:20}{seconds:7.1f} s ({seconds / least:.3f} × {least:.0f} s), "
        f"{again.ready_count} of {result.lines} lines, {len(server.asked)} requests, "
        f"{sum(count > 1 for count in paid.values())} lines paid for twice, "
        f"{server.most_under_way} side by side, {waited:.1f} s before the first request and {after:.1f} s after the last answer, "
        f"{processor:.0f} s of processor, ${estimate:.4f} estimated, ${cost:.4f} counted"
    )


def measure_cancel(name: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        server, _paid = server_of(name, fails=False)
        cancel, asked = CancelToken(), [0.0, 0.0]
        with server.running() as url:
            service = Service(name, folder / "config", url, server)

            def stop() -> None:
                while len(server.asked) < 3 * SIDE_BY_SIDE:
                    time.sleep(0.02)
                asked[:] = [time.monotonic(), len(server.asked)]
                cancel.cancel()

            threading.Thread(target=stop, daemon=True).start()
            try:
                render(
                    request_of(service.voice, folder / "out.wav"), Voices([service.engine]), LineCache(folder / "lines"), cancel
                )
            except Cancelled:
                took = time.monotonic() - asked[0]
            time.sleep(1.2)
            more = len(server.asked) - int(asked[1])
            service.engine.close()
    print(f"{name:11}{'cancel':20}{took:7.3f} s, {more} requests after it")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engines", nargs="*", default=["gemini", "elevenlabs"])
    logging.basicConfig(level=logging.ERROR)
    for name in parser.parse_args().engines:
        measure(name, fails=False)
        measure(name, fails=True)
        measure(name, fails=False, is_talk=True)
        measure_cancel(name)


if __name__ == "__main__":
    main()
