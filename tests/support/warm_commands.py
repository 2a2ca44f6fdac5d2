"""The real command in a process of its own, without the second that loading the program takes: forked from one that has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]


class WarmCommands:
    """A process that has loaded what ``render`` needs, and forks for each command. Not on Windows.

    ``plugins`` is a folder that is put on the path. What a command prints is in ``out`` and ``err`` of its folder.
    """

    def __init__(self, plugins: Path) -> None:
        paths = [str(plugins), str(ROOT / "src"), str(ROOT)]
        # Threads would not come along.
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "tests.support.warm_commands"]
        self._server = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, folder: Path, arguments: list[str], env: dict[str, str]) -> int:
        """Gives the number of the process, which is that of its group."""
        return self._ask({"folder": str(folder), "arguments": arguments, "env": env})

    def end(self, process: int) -> int:
        """Its exit status, as ``subprocess`` has it."""
        return self._ask({"process": process})

    def close(self) -> None:
        self._server.communicate()

    def _ask(self, question: object) -> int:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(question) + "\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline())


def _serve(orders: IO[str]) -> None:
    import declaim.cli.producing
    import declaim.cli.rendering
    import declaim.export.finishing
    import declaim.render  # noqa: F401

    for order in map(json.loads, orders):
        if "process" in order:
            answer = os.waitstatus_to_exitcode(os.waitpid(order["process"], 0)[1])
        elif not (answer := os.fork()):
            _become(Path(order["folder"]), order["arguments"], order["env"])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def _become(folder: Path, arguments: list[str], env: dict[str, str]) -> None:
    from declaim.cli import main

    os.setpgid(0, 0)
    os.chdir(folder)
    os.environ.update(env)
    for number, name in enumerate((os.devnull, "out", "err")):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT), number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1) for number in (1, 2))  # the old ones know another kind of file
    sys.argv = ["declaim", *arguments]
    main()


if __name__ == "__main__":
    _serve(sys.stdin)
