"""The memory of a program and of the processes that it starts, read from Linux's ``/proc`` while it runs."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import NamedTuple

_EVERY_S = 0.05


class Measured(NamedTuple):
    """``told_s``: until its last word on standard output; ``peak_mb``: the highest that each process ever held, added up (they
    need not have held it at the same time)."""

    seconds: float
    told_s: float
    stdout: str
    peak_mb: float


def run_measured(command: Sequence[str], environment: Mapping[str, str]) -> Measured:
    """
    Raises:
        subprocess.CalledProcessError: where it fails; what it said is shown.
    """
    started = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as program:
        peaks: dict[int, float] = {}
        watching = Thread(target=_watch, args=(program, peaks), daemon=True)
        watching.start()
        stdout, told_s = "", 0.0
        for line in program.stdout or ():
            stdout, told_s = stdout + line, time.perf_counter() - started
        program.wait()
    seconds = time.perf_counter() - started
    watching.join()
    if program.returncode:
        raise subprocess.CalledProcessError(program.returncode, command)
    return Measured(seconds, told_s, stdout, sum(peaks.values()) or float("nan"))


def _watch(program: subprocess.Popen[str], peaks: dict[int, float]) -> None:
    while program.poll() is None:
        for pid in _family(program.pid):
            # The last reading counts: before a process has begun its own program, it shows the memory of its parent.
            if (peak_mb := _peak_mb(pid)) is not None:
                peaks[pid] = peak_mb
        time.sleep(_EVERY_S)


def _family(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for listed in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found.extend(map(int, listed.read_text().split()))
            except OSError:
                continue
    return found


def _peak_mb(pid: int) -> float | None:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), None)
