"""Samples of a microphone or a voice, measured and kept: what to do about them, and scripts spoken at their pace."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

from declaim.commands.planning import Planning
from declaim.commands.render_requests import request_for
from declaim.commands.scripts import Scripts
from declaim.errors import AudioError
from declaim.jobs import Jobs
from declaim.model.calibration import Calibration, Profile
from declaim.model.delivery import Delivery
from declaim.model.ids import CalibrationId, JobId, ProjectId, ScriptId, VoiceId
from declaim.model.script import NARRATOR, Chapter, Line, Script
from declaim.model.settings import StudioSettings
from declaim.model.voice import Cast
from declaim.model.work import CancelToken, Progress
from declaim.storage import Library
from declaim.voices import Voices

PASSAGE = (
    "This passage is read aloud to find out how fast a voice speaks. It has long sentences and short ones. "
    "Words such as library, configuration and yesterday take their time, while others are over at once."
)
"""What a voice says to have its own pace measured."""
PACE_LIMITS = (0.75, 1.35)
"""Further from its own pace a voice no longer sounds like itself."""
_TYPICAL_SYLLABLES_PER_S = 4.6
"""Of voices that cost money to be asked, or have no syllables that can be found. English read aloud, as measured here."""
Failed = Callable[[Exception], None]


class Calibrations:
    def __init__(self, library: Library, voices: Voices, jobs: Jobs, planning: Planning, scripts: Scripts) -> None:
        self._library, self._voices, self._jobs, self._planning, self._scripts = library, voices, jobs, planning, scripts

    def all(self, project_id: ProjectId | None = None) -> tuple[Calibration, ...]:
        """The user's own, and the project's where one is given."""
        return self._library.calibrations.of(project_id)

    def measure(
        self,
        path: Path,
        name: str,
        project_id: ProjectId | None = None,
        done: Callable[[Calibration], None] | None = None,
        failed: Failed | None = None,
    ) -> JobId:
        """Measures a file and keeps its profile under a name; what had the name is measured anew."""

        def work(cancel: CancelToken, _progress: Progress) -> Profile:
            from declaim.audio.profile import measure_profile

            cancel.check()
            return measure_profile(path)

        def keep(profile: Profile) -> None:
            with self._library.transaction("Calibrate"):
                kept = self._library.calibrations.put(name, profile, tuple(advice_for(profile)), project_id)
            if done is not None:
                done(self._library.calibrations.get(kept))

        return self._jobs.start(f"Measure {path.name}", work, done=keep, failed=failed)

    def trash(self, calibration_id: CalibrationId) -> None:
        with self._library.transaction("Delete calibration"):
            self._library.calibrations.trash(calibration_id)

    def match(
        self, script_id: ScriptId, calibration_id: CalibrationId | None, done: Callable[[], None], failed: Failed | None = None
    ) -> JobId | None:
        """Speaks a script at the pace of a calibration, or at the voices' own where there is none. A local narrator speaks a
        passage once, so that its own pace is known."""
        settings = self._scripts.settings(script_id)
        if calibration_id is None:
            self._set_pace(script_id, 0, 1.0)
            done()
            return None
        wanted = self._library.calibrations.get(calibration_id).profile.syllables_per_s
        voice_id = settings.cast.voice_for(NARRATOR)
        delivery = dataclasses.replace(settings.delivery, pace=1.0)

        def work(cancel: CancelToken, _progress: Progress) -> float:
            return self._own_pace(voice_id, delivery, cancel)

        def keep(own: float) -> None:
            low, high = PACE_LIMITS
            self._set_pace(script_id, calibration_id, round(min(max(wanted / own, low), high), 2))
            done()

        return self._jobs.start("Match the pace", work, done=keep, failed=failed)

    def _own_pace(self, voice_id: VoiceId, delivery: Delivery, cancel: CancelToken) -> float:
        """Syllables a second."""
        from declaim.audio.profile import measure_profile
        from declaim.render import speak_one

        if self._voices.engine_of(voice_id).key_name is not None:
            return _TYPICAL_SYLLABLES_PER_S
        script = Script("", (Chapter("", (Line(NARRATOR, PASSAGE),)),))
        settings = StudioSettings(cast=Cast(default=voice_id), delivery=delivery)
        request = request_for(script, settings, (), Path("pace.wav"))
        spoken = speak_one(request, 0, self._voices, self._planning.cache, cancel)
        try:
            return measure_profile(spoken).syllables_per_s
        except AudioError:
            return _TYPICAL_SYLLABLES_PER_S

    def _set_pace(self, script_id: ScriptId, calibration_id: int, pace: float) -> None:
        settings = self._scripts.settings(script_id)
        delivery = dataclasses.replace(settings.delivery, pace=pace)
        settings = dataclasses.replace(settings, delivery=delivery, calibration_id=calibration_id)
        self._scripts.set_settings(script_id, settings, "Choose a calibration")


def advice_for(profile: Profile) -> Iterator[str]:
    """What to do about a sample, a sentence each; nothing for a good one."""
    if profile.seconds < 10:
        yield "The sample is short: half a minute of speech is measured better."
    if profile.true_peak_dbtp > -1.0:
        yield f"It clips: turn the input down by {profile.true_peak_dbtp + 6:.0f} dB, so that peaks stay near −6 dB."
    elif profile.integrated_lufs < -30:
        yield f"It is quiet: turn the input up by {-23 - profile.integrated_lufs:.0f} dB, or speak nearer to the microphone."
    gap_db = profile.integrated_lufs - profile.noise_floor_db
    if gap_db < 10:
        yield "There is no pause in it: leave a second of silence, so that the room can be measured."
    elif profile.noise_floor_db > -60 and gap_db < 45:
        yield (
            f"The room is heard: its noise lies at −{-profile.noise_floor_db:.0f} dB, {gap_db:.0f} dB under the voice. "
            "Audiobook shops ask for −60 dB; move away from fans and hard walls."
        )
    if profile.syllables_per_s > 6:
        yield "It is fast for listeners who hear the words for the first time; four to five syllables a second suit most."
