"""The command group and what its commands share.

Results go to standard output, progress and messages to standard error. Exit status: 0 done, 1 the work failed (one line that says
what and the cure), 2 wrong arguments, 128 and the signal's number where it was told to end (``main``).
"""

from __future__ import annotations

import importlib
import logging
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from declaim import __version__, paths
from declaim.cli.terminal import say
from declaim.errors import Cancelled, DeclaimError

Function = TypeVar("Function", bound=Callable[..., Any])


_FAMILIES = {
    "script": "scripting",
    "spoken": "scripting",
    "voices": "voices",
    "render": "rendering",
    "import": "library",
    "list": "library",
    "rename": "library",
    "delete": "library",
    "search": "library",
    "export": "library",
    "record": "recording",
    "calibrate": "calibrating",
    "stats": "library",
    "connect": "connections",
    "connections": "connections",
    "disconnect": "connections",
    "sync": "remote",
    "remote": "remote",
    "doctor": "doctor",
}
"""Where each command stands, in the order of the work."""


class Command(click.Command):
    """Refuses ``nan`` and ``inf``: for Python they are numbers, and ``nan`` is out of no range."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        for param in self.params:
            value = ctx.params.get(param.name or "")
            if isinstance(value, float) and not math.isfinite(value):
                raise click.BadParameter(f"'{value}' is no number that can be meant.", ctx=ctx, param=param)
        return rest


class Family(click.Group):
    command_class = Command


class Group(Family):
    """Shows commands in the order of the work, and errors in the user's words; imports a command when it is used."""

    group_class = Family

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_FAMILIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _FAMILIES:
            # Importing a family adds its commands to the group.
            importlib.import_module(f"declaim.cli.{_FAMILIES[cmd_name]}")
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Cancelled as stopped:
            _fail(str(stopped))
        except DeclaimError as error:
            _fail(f"Error: {error}")
        except BrokenPipeError:
            raise  # Click ends quietly: whoever read our output has had enough of it
        except OSError as error:
            _fail(f"Error: {_words_of(error)}")


@click.group(cls=Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="declaim")
@click.option("--library", type=click.Path(path_type=Path, file_okay=False), help="The library's folder.")
@click.option("--verbose", is_flag=True, help="Say more about what is done.")
@click.option("--sample", is_flag=True, hidden=True, help="Open the window on a sample project.")
@click.pass_context
def declaim(context: click.Context, library: Path | None, verbose: bool, sample: bool) -> None:
    """From a changelog or a document to narrated audio. With no command it opens the window."""
    _log_to_the_terminal(verbose=verbose)
    context.obj = library or paths.library_dir()
    if context.invoked_subcommand is None:
        from declaim import app

        context.exit(app.run(context.obj, with_sample=sample))


class _OneLine(logging.Formatter):
    """Without the traceback, which only ``--verbose`` asks for."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name that logging calls
        return ""


def _log_to_the_terminal(*, verbose: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s") if verbose else _OneLine("%(message)s"))
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler])


def script_options(function: Function) -> Function:
    """Every option of ``script``: how a source is read and written."""
    choices = [
        click.option(
            "--type", "source_type", type=click.Choice(["auto", "changelog", "document"]), default="auto", help="What SOURCE is."
        ),
        click.option("--title", default="", help="The script's title."),
        click.option("--product-name", default="", help="Overrules the name found in the source."),
        click.option("--version", "version", default="", help="Overrules the version found in the source."),
        click.option(
            "--tone",
            type=click.Choice(["casual", "professional", "enthusiastic", "technical"]),
            default="casual",
            show_default=True,
            help="Of the words.",
        ),
        click.option("--audience", default="", help="Who listens, as in 'developers'."),
        click.option(
            "--verbosity",
            type=click.Choice(["brief", "normal", "detailed"]),
            default="normal",
            show_default=True,
            help="How much is told.",
        ),
        click.option("--speakers", type=click.IntRange(1, 2), default=1, show_default=True, help="One narrator or two hosts."),
        click.option("--cta", default="", help="A call to action for the end."),
        click.option("--severity-aware-tone", is_flag=True, help="No cheer over security and breaking changes."),
        click.option("--context", "additional_context", default="", help="What a writer should know besides the source."),
        click.option("--history", multiple=True, type=click.Path(path_type=Path, exists=True), help="An earlier changelog."),
        click.option(
            "--history-limit", type=click.IntRange(1, 100), default=10, show_default=True, help="How many of them count."
        ),
        click.option("--release", default="latest", help="latest, all, unreleased or a version."),
        click.option("--since", default="", help="Every release after this version."),
        click.option(
            "--writer",
            type=click.Choice(["offline", "verbatim", "gemini"]),
            default="offline",
            show_default=True,
            help="Who writes the script.",
        ),
    ]
    for choice in reversed(choices):
        function = choice(function)
    return function


def _fail(message: str) -> NoReturn:
    say(message)
    raise SystemExit(1)


def _words_of(error: OSError) -> str:
    import errno

    where = f"'{error.filename}'" if error.filename else "a file"
    if error.errno == errno.ENOSPC:
        return f"The disk is full; {where} was not written. Free some space and run it again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{where} cannot be written or read: no permission. Choose another place, or change its permissions."
    if error.errno == errno.ENOENT:
        return f"{where} is not there. Check the name."
    if error.errno == errno.EISDIR:
        return f"{where} is a folder. Name a file."
    return f"{error.strerror or error}: {where}."
