"""A first project to look at: the sample changelog with its script."""

from __future__ import annotations

from collections.abc import Callable

from declaim import paths
from declaim.commands.importing import Imported, preview
from declaim.commands.studio import Studio
from declaim.model.ids import ScriptId

PROJECT = "Sample project"


def open_sample(studio: Studio, opened: Callable[[ScriptId], None]) -> None:
    """Gives ``opened`` the sample's script, imported into a project of its own where it is not there yet."""
    known = studio.library.projects.find(PROJECT)
    scripts = studio.library.scripts.of(known.id) if known is not None else ()
    if scripts:
        opened(scripts[0].id)
        return
    project_id = known.id if known is not None else studio.projects.create(PROJECT)
    sample = preview(paths.resources_dir() / "samples" / "changelog.md")

    def show(imported: Imported) -> None:
        for script_id in imported.scripts:
            opened(script_id)

    studio.importing.import_items([sample], project_id, done=show)
