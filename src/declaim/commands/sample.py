"""A first project to look at: the sample changelog with its script."""

from __future__ import annotations

from declaim import paths
from declaim.commands.importing import preview
from declaim.commands.studio import Studio

PROJECT = "Sample project"


def open_sample(studio: Studio) -> None:
    """Imports the sample into a project of its own, once."""
    if studio.library.projects.find(PROJECT):
        return
    project_id = studio.projects.create(PROJECT)
    studio.importing.import_items([preview(paths.resources_dir() / "samples" / "changelog.md")], project_id)
