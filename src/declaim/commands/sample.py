"""A first project to look at: the sample changelog with its script."""

from __future__ import annotations

from collections.abc import Callable

from declaim import paths
from declaim.commands.importing import Imported, preview
from declaim.commands.studio import Studio
from declaim.model.ids import ScriptId

PROJECT = "Sample project"


def open_sample(studio: Studio, opened: Callable[[ScriptId], None]) -> None:
    """Imports the sample into a project of its own, once, and gives ``opened`` its script."""
    if studio.library.projects.find(PROJECT):
        return
    project_id = studio.projects.create(PROJECT)
    sample = preview(paths.resources_dir() / "samples" / "changelog.md")

    def show(imported: Imported) -> None:
        for script_id in imported.scripts:
            opened(script_id)

    studio.importing.import_items([sample], project_id, done=show)
