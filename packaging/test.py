"""The whole check, in one command: `python3 packaging/test.py [pytest argument ...]`.

Format, lint, types, tests; the first that fails decides the exit status, but all are run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from environment import ROOT, prepare, say


def main(arguments: list[str]) -> int:
    python = prepare(("voices", "test"), programs=True)
    checks = {
        "format": ["ruff", "format", "--check", "."],
        "lint": ["ruff", "check", "."],
        "types": ["mypy"],
        "tests": ["pytest", *arguments],
    }
    # Without a screen Qt draws into memory.
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    failed = []
    for name, command in checks.items():
        started = time.monotonic()
        status = subprocess.run([python, "-m", *command], check=False, cwd=ROOT, env=environment).returncode
        say(f"{name}: {'passed' if status == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s")
        if status != 0:
            failed.append(name)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
