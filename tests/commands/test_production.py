from __future__ import annotations

import mutagen.id3

from declaim.commands.production import Production, produce
from declaim.model.delivery import Delivery
from declaim.model.ids import VoiceId
from declaim.model.voice import Cast
from declaim.model.work import NO_PROGRESS, CancelToken
from declaim.render import LineCache, RenderRequest
from declaim.scripts import parse_script
from declaim.voices import Voices
from tests.support.studios import SCRIPT
from tests.support.voices import ScriptedEngine


def test_a_file_says_which_language_its_voices_speak(tmp_path):
    voices = Voices([ScriptedEngine(languages={"ada": "de-DE"})])
    out = tmp_path / "out.mp3"
    request = RenderRequest(parse_script(SCRIPT), Cast(VoiceId("scripted:ada")), Delivery(), (), out, loudness="none")
    produce(Production(request), voices, LineCache(tmp_path / "lines"), CancelToken(), NO_PROGRESS)
    tags = mutagen.id3.ID3(out)
    assert str(tags["TLAN"]) == "deu"
    assert tags["USLT::deu"].text
