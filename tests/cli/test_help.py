"""What ``--help`` says."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from declaim.cli.group import declaim


def commands(group: click.Group, name: str = "declaim") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for own in group.list_commands(context):
        command = group.get_command(context, own)
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {own}")
        else:
            yield f"{name} {own}", command


COMMANDS = dict(commands(declaim))


@pytest.mark.parametrize("name", [name for name in COMMANDS if not name.startswith("declaim remote")])
def test_every_command_and_every_option_says_what_it_is_for(name):
    command = COMMANDS[name]
    options = [option for option in command.params if isinstance(option, click.Option) and not option.hidden]

    assert command.help
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_help_can_be_printed_on_every_terminal(name):
    """A Western Windows console that is redirected knows no more than this."""
    command = COMMANDS[name]
    command.get_help(click.Context(command, info_name=name)).encode("cp1252")
