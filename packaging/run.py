"""From a fresh checkout to Declaim, in one command: `python3 packaging/run.py [--render] [argument ...]`.

With a screen it opens the window on a sample project; without one, or with `--render`, it renders the sample changelog
to `declaim-sample.mp3`. Any other arguments go to `declaim` as they are.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from environment import ROOT, prepare

SAMPLE = ROOT / "resources" / "samples" / "changelog.md"
OUT = ROOT / "declaim-sample.mp3"


def main(arguments: list[str]) -> int:
    python = prepare(("voices",))
    if arguments and arguments != ["--render"]:
        return subprocess.run([python, "-m", "declaim", *arguments], check=False).returncode
    if arguments == ["--render"] or not _has_screen():
        return _render_sample(python)
    return subprocess.run([python, "-m", "declaim", "--sample"], check=False).returncode


def _has_screen() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _render_sample(python: Path) -> int:
    command = [str(python), "-m", "declaim", "render", str(SAMPLE), "-o", str(OUT), "--json"]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        return done.returncode
    result = json.loads(done.stdout)
    speed = result["realtime_factor"]
    print(f"{OUT}: {result['seconds']:.1f} s of audio, made in {result['wall_seconds']:.1f} s ({speed:.0f} times real time)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
