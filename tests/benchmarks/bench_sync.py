"""How long a first and a second pull of 1,000 recordings take, a push of 20 items that is killed at random moments, and a push
to a service whose every fifth answer fails, for each kind of failure.

``python -m tests.benchmarks.bench_sync pull``, ``… kill [ROUNDS]`` and ``… faults``, from the checkout.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from declaim.storage import Library
from tests.support.respeecher_server import RespeecherServer
from tests.support.service_server import FAULTS, Elsewhere, LoopbackServer

LATENCY_S = 0.005


def run(library: Path, *arguments: str, key: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "declaim", "--library", str(library), *arguments]
    return subprocess.run(command, env=environment(key), capture_output=True, text=True, check=False)


def environment(key: str) -> dict[str, str]:
    return {**os.environ, "BENCH_KEY": key, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}


def connect(library: Path, server: LoopbackServer, service: str, key: str) -> None:
    done = run(
        library, "connect", service, "--project", "Bench", "--base-url", server.base_url, "--key-env", "BENCH_KEY", key=key
    )
    assert done.returncode == 0, done.stderr


def pull() -> None:
    with RespeecherServer() as server, tempfile.TemporaryDirectory() as folder:
        for number in range(5):
            project = server.add_project(f"Project {number}")
            for place in range(10):
                below = server.add_folder(project, f"Folder {place}")
                for take in range(20):
                    server.add_original(below, label=f"Take {take}")
        library = Path(folder) / "library"
        connect(library, server, "respeecher", server.key)
        server.latency_s = LATENCY_S
        for turn in ("first", "second"):
            server.log.clear()
            times: list[float] = []
            answer = server.answer
            server.answer = lambda request, answer=answer, times=times: _timed(answer, request, times)  # type: ignore[method-assign]
            started = time.perf_counter()
            done = run(library, "sync", "--no-audio", "--json", key=server.key)
            whole = time.perf_counter() - started
            server.answer = answer  # type: ignore[method-assign]
            assert done.returncode == 0, done.stderr
            print(f"{turn} pull: {times[-1] - times[0]:.2f} s from first request to last answer, {len(times) // 2} requests,")
            print(f"  {whole:.2f} s for the whole command; {' '.join(done.stdout.split())}")


def _timed(answer, request, times):  # type: ignore[no-untyped-def]
    times.append(time.perf_counter())
    try:
        return answer(request)
    finally:
        times.append(time.perf_counter())


def services() -> dict[str, tuple[type[LoopbackServer], str]]:
    """Each service's server and the table of what is made there."""
    from tests.support.bottalk_server import BotTalkServer
    from tests.support.logtalk_server import LogTalkServer

    return {
        "logtalk": (LogTalkServer, "conversions"),
        "bottalk": (BotTalkServer, "articles"),
        "respeecher": (RespeecherServer, "recordings"),
    }


def kill(rounds: int) -> None:
    """Killed at a random moment in each round, until everything is sent. ``mirrored``: made inside a mirrored folder."""
    tables = services()
    stories = [(service, *table, False) for service, table in tables.items()]
    stories.append(("respeecher", *tables["respeecher"], True))
    for service, kind, table, is_mirrored in stories:
        worst: Counter[str] = Counter()
        for number in range(max(1, rounds // len(stories))):
            with kind() as server:
                server.latency_s = LATENCY_S
                worst[_killed_push(server, service, table, number, is_mirrored)] += 1
        print(f"{service}{' mirrored' if is_mirrored else ''}: {dict(worst)}", flush=True)


def faults() -> None:
    """Each kind of fault alone, in one answer of five."""
    for service, (kind, table) in services().items():
        for fault in FAULTS:
            with kind() as server, Elsewhere() as elsewhere:
                server.elsewhere, server.slow_s = elsewhere.origin, 0.05
                print(f"{service} {fault}: {_broken_push(server, elsewhere, service, table, fault)}", flush=True)


def _broken_push(server: LoopbackServer, elsewhere: LoopbackServer, service: str, table: str, fault: str) -> str:
    key = server.key  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        connect(library, server, service, key)
        _wish(library, 5)
        server.fail_every(5, (fault,))
        syncs = 0
        while syncs < 6:
            syncs += 1
            run(library, "sync", "--wait", "--json", key=key)
            with Library.open(library, writable=False) as kept:
                here, connection = kept.recordings.all(), kept.connections.all()[0].id
                left = len(kept.outbox.open(connection)) + len(kept.outbox.failed(connection))
            if not left and all(take.path for take in here):
                break
        there = len(getattr(server, table))
        told = any({"authorization", "api-key", "cookie"} & set(entry.headers) for entry in elsewhere.log)
        is_right = there == len(here) == 5 and not left and not told
        return f"right after {syncs} sync(s)" if is_right else f"WRONG: {there} there, {len(here)} here, {left} left, {told=}"


def _killed_push(server: LoopbackServer, service: str, table: str, seed: int, is_mirrored: bool) -> str:
    key = server.key  # type: ignore[attr-defined]
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        connect(library, server, service, key)
        if is_mirrored:
            server.add_folder(server.add_project("Show"), "Season 1")  # type: ignore[attr-defined]
            run(library, "sync", key=key)
            _write(library, 20)
        else:
            _wish(library, 20)
        command = [sys.executable, "-m", "declaim", "--library", str(library), "sync", "--json"]
        process = subprocess.Popen(command, env=environment(key), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        before = len(server.log)
        while len(server.log) == before and process.poll() is None:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.6))
        process.kill()
        process.wait()
        for _ in range(2):
            done = run(library, "sync", "--wait", "--json", key=key)
        with Library.open(library, writable=False) as kept:
            here = kept.recordings.all()
            states = {item.state for item in kept.remote_items.of(kept.connections.all()[0].id)}
        there = len(getattr(server, table))
        is_right = done.returncode == 0 and there == len(here) == 20 and all(take.path for take in here) and len(states) == 1
        return "right" if is_right else f"WRONG: {there} there, {len(here)} here, {states}, {done.stdout} {done.stderr}"


def _write(library: Path, count: int) -> None:
    with Library.open(library) as opened, opened.transaction("Write"):
        folder = next(each for each in opened.folders.of(opened.projects.all()[0].id) if each.name == "Season 1")
        for number in range(count):
            text = f"[NARRATOR]: Words of part {number}."
            opened.scripts.add(folder.project_id, folder.id, None, f"Part {number}", text)


def _wish(library: Path, count: int) -> None:
    from declaim.commands.publishing import Publishing
    from declaim.model.source import SourceType

    with Library.open(library) as opened:
        connection = opened.connections.all()[0]
        publishing = Publishing(opened, lambda _id: None)
        for number in range(count):
            with opened.transaction("Import"):
                text = f"Words of part {number}."
                document = opened.documents.add(connection.project_id, None, f"Part {number}", SourceType.DOCUMENT, text)
            publishing.wish("document", document, connection)


if __name__ == "__main__":
    if sys.argv[1:2] == ["kill"]:
        kill(int(sys.argv[2]) if len(sys.argv) > 2 else 50)
    elif sys.argv[1:2] == ["faults"]:
        faults()
    else:
        pull()
