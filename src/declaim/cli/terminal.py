"""What the terminal shows: progress with the time left, one line for an error, JSON, and what Ctrl-C does."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click

from declaim.model.work import CancelToken, Progress, ProgressReport

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
def stoppable() -> Iterator[CancelToken]:
    """A token that Ctrl-C sets: the first asks to stop and keeps what is finished, the second breaks off."""
    cancel = CancelToken()
    asked_at = 0.0

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked_at
        # A shell and a wrapper may both pass one key on: only a later one means it.
        if cancel.is_cancelled and time.monotonic() - asked_at > _IMPATIENCE_S:
            raise KeyboardInterrupt
        asked_at = asked_at or time.monotonic()
        cancel.cancel()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)


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
