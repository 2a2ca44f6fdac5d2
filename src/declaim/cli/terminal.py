"""What the terminal shows: progress with the time left, one line for an error, JSON, and what Ctrl-C does."""

from __future__ import annotations

import json
import sys
import time
from _thread import start_new_thread
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from declaim.errors import DeclaimError
from declaim.model.work import CancelToken, Progress, ProgressReport
from declaim.process import Stopped, when_told_to_end

_IMPATIENCE_S = 1.0


def say(text: str) -> None:
    """One line for the person, on standard error."""
    click.echo(text, err=True)


def may_ask() -> bool:
    """Whether somebody sits there who can answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def print_json(value: Any) -> None:
    """One JSON document, on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def stoppable(*, is_its_end: bool = False) -> Iterator[CancelToken]:
    """A token that Ctrl-C sets, and every other signal that would end the program: the first asks to stop and keeps what is
    finished, a later one breaks off. ``is_its_end``: the work ends in no other way, and the command goes on with what it gave.

    Raises:
        Stopped: where it was asked to stop.
    """
    cancel = CancelToken()
    asked: list[int] = []
    asked_at = 0.0

    def stop(number: int) -> None:
        nonlocal asked_at
        # A shell and a wrapper may both pass one key on: only a later one means it.
        if asked and time.monotonic() - asked_at > _IMPATIENCE_S:
            raise Stopped(number)
        asked_at = asked_at or time.monotonic()
        asked.append(number)
        # In a thread, as the lock that this takes may be held by what was interrupted here.
        start_new_thread(cancel.cancel, ())

    try:
        with when_told_to_end(stop):
            yield cancel
    except (DeclaimError, OSError) as error:
        if asked:  # also where the same signal ended a program that worked for us, or the terminal is gone
            raise Stopped(asked[0]) from error
        raise
    if asked and not is_its_end:
        raise Stopped(asked[0])


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A bar with the time left where standard error is a terminal; silent elsewhere."""
    if not sys.stderr.isatty():
        yield Progress()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=1.0)

        def report(step: ProgressReport) -> None:
            bar.update(task, completed=step.fraction, description=step.text or title)

        yield Progress(report)
