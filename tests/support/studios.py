"""A studio for tests: a real library in memory, real commands, jobs that are done when the call returns."""

from __future__ import annotations

from pathlib import Path

from declaim.commands.studio import Studio
from declaim.jobs import Jobs
from declaim.model.ids import ProjectId, ScriptId
from declaim.scripts import parse_script
from declaim.storage import Library
from declaim.voices import Voices
from tests.support.executors import InlineExecutor, post_now

SCRIPT = """# MyApp 2.0.0

## What's new

[HOST1]: Welcome to MyApp version 2.0. {pause:short} Dark mode is here, and it follows your system.

[HOST2]: Everywhere, or just the editor?

[HOST1]: Every screen. And real-time collaboration means two people can edit one page without stepping on each other.

[HOST2]: The {say:kube control|kubectl} plugin got that too, if I read the notes right. {chuckle}

## Fixes

[HOST1]: It did. On the repair side, the login no longer times out on slow networks.

[HOST2]: And startup dropped from 1.2 seconds to 0.7.

[HOST1]: If you are on 1.9, upgrade this week: one of the fixes closes a security hole.
"""


def make_studio(media: Path, voices: Voices, jobs: Jobs | None = None) -> Studio:
    """A studio on an empty library; ``close()`` it at the end."""
    return Studio(Library.in_memory(media), voices, jobs or Jobs(InlineExecutor(), post_now))


def add_script(studio: Studio, text: str = SCRIPT, project: str = "MyApp") -> tuple[ProjectId, ScriptId]:
    """A project with one script in it."""
    project_id = studio.projects.find_or_create(project)
    return project_id, studio.scripts.add(project_id, None, parse_script(text))
