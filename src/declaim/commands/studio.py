"""The studio: the library, the voices and the jobs, and everything that can be done with them. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from declaim.commands.line_results import LineResults
from declaim.commands.measuring import Measuring
from declaim.commands.planning import Planning
from declaim.commands.projects import Projects
from declaim.commands.recordings import Recordings
from declaim.commands.rendering import Rendering
from declaim.commands.scripts import Scripts
from declaim.jobs import Jobs
from declaim.model.change import Changes
from declaim.storage import Library, SearchHit, TreeRow
from declaim.voices import Voices

if TYPE_CHECKING:
    from declaim.commands.bundles import Bundles
    from declaim.commands.calibrations import Calibrations
    from declaim.commands.catalogue import Catalogue
    from declaim.commands.checking import Checking
    from declaim.commands.connections import Connections
    from declaim.commands.describing import Describing
    from declaim.commands.documents import Documents
    from declaim.commands.exporting import Exporting
    from declaim.commands.hearing import Hearing
    from declaim.commands.importing import Importing
    from declaim.commands.keys import Keys
    from declaim.commands.lexicons import Lexicons
    from declaim.commands.microphone import MicrophoneTakes
    from declaim.commands.publishing import Publishing
    from declaim.commands.rewriting import Rewriting
    from declaim.commands.syncing import Syncing
    from declaim.commands.unsettled import Unsettled
    from declaim.commands.versions import Versions


class Studio:
    """Built once by ``app`` or ``cli``; views receive it and call its parts."""

    def __init__(self, library: Library, voices: Voices, jobs: Jobs) -> None:
        self.library = library
        self.voices = voices
        self.jobs = jobs
        self.projects = Projects(library)
        self.scripts = Scripts(library, voices, jobs)
        self.recordings = Recordings(library)
        self.planning = Planning(library, voices, jobs)
        self._line_results = LineResults(library, self.planning)
        self.rendering = Rendering(library, voices, jobs, self.planning, self._line_results, Measuring(voices, jobs))

    # What no window shows at its start is loaded with the first use of it: together a tenth of a second.

    @cached_property
    def hearing(self) -> Hearing:
        from declaim.commands.hearing import Hearing

        return Hearing(self.library, self.voices, self.jobs, self.planning, self._line_results)

    @cached_property
    def microphone(self) -> MicrophoneTakes:
        from declaim.commands.microphone import MicrophoneTakes

        return MicrophoneTakes(self.library, self.jobs)

    @cached_property
    def calibrations(self) -> Calibrations:
        from declaim.commands.calibrations import Calibrations

        return Calibrations(self.library, self.voices, self.jobs, self.planning, self.scripts)

    @cached_property
    def describing(self) -> Describing:
        from declaim.commands.describing import Describing

        return Describing(self.library, self.voices, self.jobs, self.planning)

    @cached_property
    def documents(self) -> Documents:
        from declaim.commands.documents import Documents

        return Documents(self.library, self.jobs)

    @cached_property
    def lexicons(self) -> Lexicons:
        from declaim.commands.lexicons import Lexicons

        return Lexicons(self.library)

    @cached_property
    def versions(self) -> Versions:
        from declaim.commands.versions import Versions

        return Versions(self.jobs, self.scripts)

    @cached_property
    def rewriting(self) -> Rewriting:
        from declaim.commands.rewriting import Rewriting

        return Rewriting(self.library, self.jobs, self.scripts)

    @cached_property
    def keys(self) -> Keys:
        from declaim.commands.keys import Keys

        return Keys(self.voices, self.jobs)

    @cached_property
    def importing(self) -> Importing:
        from declaim.commands.importing import Importing

        return Importing(self.library, self.jobs, self.scripts, self._bundles)

    @cached_property
    def exporting(self) -> Exporting:
        from declaim.commands.exporting import Exporting

        return Exporting(self.jobs, self._bundles, self.recordings)

    @cached_property
    def _bundles(self) -> Bundles:
        from declaim.commands.bundles import Bundles

        return Bundles(self.library)

    @cached_property
    def checking(self) -> Checking:
        from declaim.commands.checking import Checking

        return Checking(self.library, self.jobs, self.scripts)

    @cached_property
    def catalogue(self) -> Catalogue:
        from declaim.commands.catalogue import Catalogue

        return Catalogue(self.library, self.voices, self.jobs)

    @cached_property
    def connections(self) -> Connections:
        from declaim.commands.connections import Connections

        return Connections(self.library, self.jobs)

    @cached_property
    def publishing(self) -> Publishing:
        from declaim.commands.publishing import Publishing

        return Publishing(self.library, self.recordings.audio_path)

    @cached_property
    def syncing(self) -> Syncing:
        from declaim.commands.syncing import Syncing

        return Syncing(self.library, self.jobs, self.connections)

    @cached_property
    def unsettled(self) -> Unsettled:
        from declaim.commands.unsettled import Unsettled

        return Unsettled(self.library)

    def subscribe(self, listener: Callable[[Changes], None]) -> Callable[[], None]:
        """Calls ``listener`` after every write, undo and redo; returns what ends it."""
        return self.library.subscribe(listener)

    def tree(self) -> tuple[TreeRow, ...]:
        return self.library.tree()

    def search(self, query: str) -> tuple[SearchHit, ...]:
        return self.library.search(query)

    def undo(self) -> str | None:
        """Takes the last step back; returns its name, or None where there is none."""
        return self.library.undo()

    def redo(self) -> str | None:
        return self.library.redo()

    @property
    def undo_label(self) -> str | None:
        return self.library.undo_label

    @property
    def redo_label(self) -> str | None:
        return self.library.redo_label

    def close(self) -> None:
        """Stops the jobs, then closes the library."""
        self.jobs.shut_down()
        self.voices.close()
        self.library.close()
