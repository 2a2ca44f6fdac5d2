"""Sets a checkout up: a `.venv` with the project in it, and the system libraries that Python packages do not carry.

Standard library only, for any Python from 3.11 on. What is done is remembered in `.venv/declaim-setup.json`, so that a
second run does nothing again.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = VENV / "declaim-setup.json"
LOCK = ROOT / ".venv.lock"
OLDEST_PYTHON = (3, 11)

# The shared library that shows a Debian package is there, and the package. Qt does not import without the first ones,
# opens no window on X11 without the xcb ones, and is silent without PortAudio.
LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libportaudio.so.2": "libportaudio2",
}
PROGRAMS = {"Xvfb": "xvfb", "ffmpeg": "ffmpeg", "pulseaudio": "pulseaudio"}
"""What the tests use besides; the program itself only ever asks for ffmpeg, and says so when it does."""


def prepare(extras: tuple[str, ...], *, programs: bool = False) -> Path:
    """Makes everything ready and returns the Python of the `.venv`. A part that cannot be installed is said, not fatal."""
    if sys.version_info < OLDEST_PYTHON:
        raise SystemExit(
            f"Declaim needs Python 3.11 or newer; this is {sys.version.split()[0]}. Install a newer one and run it again."
        )
    with _alone():
        done = _read_stamp()
        wanted = _wanted(extras, done.get("wanted"))
        missing = _missing_packages(programs=programs)
        if missing and done.get("tried") != sorted(missing):
            _install_system_packages(missing)
        if done.get("wanted") != wanted or not _python().exists():
            if _needs_another_venv(done.get("wanted"), wanted):
                _make_venv()
            _install_project(wanted["extras"].split(","))
        _write_stamp({"wanted": wanted, "tried": sorted(_missing_packages(programs=programs))})
    return _python()


@contextmanager
def _alone() -> Iterator[None]:
    """Two commands that set up at the same time would clear what the other installs: the second waits for the first."""
    with LOCK.open("w") as file:
        if not _locked(file):
            say("Another set-up is under way here; waiting for it …")
            while not _locked(file):
                time.sleep(0.5)
        yield


def _locked(file: IO[str]) -> bool:
    """Takes the lock, which goes with the file's closing, also that by the end of the process; False while another has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _needs_another_venv(before: object, wanted: dict[str, str]) -> bool:
    """Where only an extra is missing, what is there stays: a window may be running from it."""
    if not isinstance(before, dict) or not _python().exists():
        return True
    return any(before.get(name) != wanted[name] for name in ("python", "root"))


def say(text: str) -> None:
    """One line of progress."""
    print(text, file=sys.stderr, flush=True)


def _wanted(extras: tuple[str, ...], before: object) -> dict[str, str]:
    """What the `.venv` is to hold: besides what is asked for now what another command asked for before."""
    project = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    kept = str(before.get("extras", "")).split(",") if isinstance(before, dict) else []
    both = sorted({*extras, *kept} - {""})
    return {"project": project, "extras": ",".join(both), "python": sys.version, "root": str(ROOT)}


def _read_stamp() -> dict[str, object]:
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write_stamp(stamp: dict[str, object]) -> None:
    if _read_stamp() != stamp:
        STAMP.write_text(json.dumps(stamp))


def _python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _make_venv() -> None:
    say("Making .venv …")
    # An interpreter of another version leaves a .venv that cannot be mended in place.
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False, capture_output=True, text=True)
    if made.returncode == 0:
        return
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not sys.platform.startswith("linux") or not _install_system_packages([version]):
        raise SystemExit(f"Python cannot make a virtual environment here: {made.stderr.strip() or made.stdout.strip()}")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)


def _install_project(extras: list[str]) -> None:
    say(f"Installing Declaim with {', '.join(extras)} (about 1 GB on disk, once) …")
    target = f"{ROOT}[{','.join(extras)}]"
    command = [
        str(_python()),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--use-pep517",
        "--editable",
        target,
    ]
    for attempt in (1, 2, 3):
        if subprocess.run(command, check=False).returncode == 0:
            return
        say(f"The installation did not finish (attempt {attempt} of 3).")
        time.sleep(3 * attempt)
    raise SystemExit("The packages could not be installed. Check the network and run the same command again.")


def _missing_packages(*, programs: bool) -> list[str]:
    if not sys.platform.startswith("linux"):
        return []
    missing = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if programs:
        missing += [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    return missing


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _install_system_packages(packages: list[str]) -> bool:
    """Through apt as root or with a password-less sudo; else says the one line to run. True when they were installed."""
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    prefix = _root_prefix()
    if not shutil.which("apt-get"):
        say(f"This system lacks some libraries. Install what matches these Debian packages: {' '.join(packages)}")
        return False
    if prefix is None:
        say(f"This system lacks some libraries. Run this once, then start again:\n  sudo {line}\nGoing on with what works.")
        return False
    say(f"Installing system libraries: {' '.join(packages)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = [*prefix, *line.split()]
    if (
        subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        == 0
    ):
        return True
    subprocess.run([*prefix, "apt-get", "update", "-qq"], check=False, env=environment, stdout=subprocess.DEVNULL)
    if subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL).returncode == 0:
        return True
    say(f"They could not be installed. Run this once:\n  sudo {line}\nGoing on with what works.")
    return False


def _root_prefix() -> list[str] | None:
    if os.name != "nt" and os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None
