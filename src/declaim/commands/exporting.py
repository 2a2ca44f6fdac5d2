"""What leaves the studio: a take as a file, a recording, folder or project as a bundle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from declaim.commands.bundles import AUDIO_FORMATS, Bundles, pack
from declaim.commands.converting import convert
from declaim.commands.recordings import Recordings
from declaim.errors import InputError
from declaim.export.finishing import Told, texts_beside, write_beside
from declaim.jobs import Jobs
from declaim.model.ids import JobId, RecordingId
from declaim.model.settings import LoudnessStandard
from declaim.paths import replacing_together

if TYPE_CHECKING:
    from declaim.audio import DeliverySheet

Done = Callable[[Path], None]
Failed = Callable[[Exception], None]


class Exporting:
    def __init__(self, jobs: Jobs, bundles: Bundles, recordings: Recordings) -> None:
        self._jobs = jobs
        self._bundles = bundles
        self._recordings = recordings

    def save_take(
        self,
        recording_id: RecordingId,
        path: Path,
        done: Done | None = None,
        failed: Failed | None = None,
        *,
        beside: Sequence[str] = (),
    ) -> JobId:
        """A take as a file, in the format that the name says, with its tags and chapters; ``beside`` are kinds of
        ``export.BESIDE``, written beside it.

        Raises:
            InputError: for a name with another ending.
            AudioError: where the take has no audio.
        """
        audio_format = path.suffix.lower().lstrip(".")
        if audio_format not in AUDIO_FORMATS:
            raise InputError(f"'{path.name}' does not say a format.", cure=f"End it in .{', .'.join(AUDIO_FORMATS)}.")
        stored = self._recordings.audio_path(recording_id)
        take, title = self._recordings.get(recording_id), self._recordings.title(recording_id)

        def work(_cancel: object, _progress: object) -> Path:
            texts = texts_beside(beside, Told(title, take.timings, take.duration_ms or 0))
            with replacing_together() as files:
                convert(stored, files.add(path))
                write_beside(path, texts, files)
            return path

        return self._jobs.start(f"Save {path.name}", work, done=done, failed=failed)

    def measure_take(
        self, recording_id: RecordingId, done: Callable[[DeliverySheet], None], failed: Failed | None = None
    ) -> JobId:
        """The delivery sheet of a take, against the standard that it was made for, measured on its file in a job.

        Raises:
            AudioError: where the take has no audio.
        """
        take, stored = self._recordings.get(recording_id), self._recordings.audio_path(recording_id)
        made_for, settings = str(take.parameters.get("loudness", "")), take.parameters.get("settings")
        channels = settings.get("channels") if isinstance(settings, dict) else None
        standard = LoudnessStandard(made_for) if made_for in set(LoudnessStandard) else LoudnessStandard.PODCAST

        def measure(_cancel: object, _progress: object) -> DeliverySheet:
            from declaim.audio import delivery_sheet

            return delivery_sheet(stored, standard, take.label, channels if channels in (1, 2) else None)

        return self._jobs.start(f"Measure {take.label}", measure, done=done, failed=failed)

    def bundle(
        self,
        kind: str,
        item_id: int,
        path: Path,
        *,
        starred_only: bool = False,
        audio_format: str = "mp3",
        done: Done | None = None,
        failed: Failed | None = None,
    ) -> JobId:
        """A project, folder, script or recording as a bundle.

        Raises:
            InputError: where nothing is left to export.
        """
        contents = self._bundles.contents(kind, item_id, starred_only=starred_only)
        return self._jobs.start(
            f"Export {contents.title}",
            lambda cancel, progress: pack(contents, path, audio_format, cancel, progress),
            done=done,
            failed=failed,
        )
