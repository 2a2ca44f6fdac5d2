"""Who says it? A spoken line -> ``Clip``s.

=============== =====================================================================================
``engine``      the seam: ``VoiceEngine``, ``SpeechRequest``, ``Layout``
``apart``       an engine in a process of its own
``engine_host`` that process
``registry``    ``Voices``: finds the engines and their voices
``piper``       Piper voices, offline
``kokoro``      Kokoro voices, offline
``local``       what these two share: utterances, silences, edges
``passages``    a spoken line as words at one pace and silences
``gemini``      Gemini's speech models
``elevenlabs``  ElevenLabs' models, the account's voices
``cloud``       what these two share: asks, tries, halves, cancel
``conversing``  and two speakers in one request: an exchange
``asks``        what is sent and what comes back
``turns``       the sound of an exchange, cut back to its lines
``alignment``   the times of characters and lines that ElevenLabs tells
``dictionaries`` the lexicon as dictionaries of the ElevenLabs account
``tags``        a spoken line in a cloud engine's writing
``delivery``    the presets and expression settings as numbers and styles, in one place
``limiter``     how many requests go side by side, learned
``errands``     requests under way, each in its thread
``faults``      what goes wrong with a service, in the user's words
``wave``        the bytes that a service calls audio -> ``Clip``
``prices``      what speech costs: data with a date and a source
``spoken_clip`` a clip and what it cost
``access``      keys, choices and a folder, given from outside
``espeak``      text -> phonemes, one at a time
``recogniser``  what a clip says: the ear of ``--verify``
``offers``      voices that can be downloaded
``kept``        voices that were downloaded
``models``      model files: found in their packages, checked against a pinned SHA-256
``layouts``     which layout is the fastest here, measured once
``onnx``        how a model is opened
``onnx_wire``   a model file's fields
``onnx_cut``    a model cut in two
``onnx_graph``  a small model as values
``hifigan``     a decoder in the form that onnxruntime computes fastest
``vits``        a VITS model spoken piece by piece
``edges``       utterances without the silence at their ends
``gate``        how much is computed at once
``once``        made at the first use, once
=============== =====================================================================================

Writing an engine
-----------------
An engine is one class with data and a function that yields sound; ``VoiceEngine`` says what each member means::

    from declaim.model.clip import Clip
    from declaim.model.ids import VoiceId
    from declaim.model.voice import Voice
    from declaim.voices import Layout, VoiceEngine

    class RobotEngine(VoiceEngine):
        name, label, version = "robot", "Robot", "1"
        layout = Layout(workers=4)                     # four lines at once

        def voices(self):
            return [Voice(VoiceId("robot:marvin"), "Marvin", self.name, "en-GB")]

        def speak(self, request, cancel):              # called from several threads at once
            for part in request.line.parts:            # words, pauses, sounds: leave out what it cannot do
                cancel.check()
                yield Clip(samples, rate_hz=24_000)    # mono float32 in -1...1

        def fingerprint(self, request):                # everything that makes the sound, and nothing else
            return {"engine": self.name, "version": self.version, "voice": request.voice, "text": request.line.text}

The package that has it names it in its ``pyproject.toml``; the value is the class, a function without arguments that makes
an engine, an engine, or a module with one of these as ``engine``::

    [project.entry-points."declaim.voices"]
    robot = "robot_voices:RobotEngine"

An engine that computes in native code is better apart: a crash there then ends a line, not the program. The package names a
function ``def engine(): return ApartEngine(RobotEngine)`` (``declaim.voices.apart``), and the class has ``arrange(layout)``.

Once it is installed, ``declaim voices`` lists ``robot:marvin`` and any cast can use it. Import SDKs inside the functions:
listing voices must be fast. A voice that lacks something (a key, a model) is listed with ``needs`` saying what, and the cure.
Raise ``declaim.errors.VoiceError`` and its kinds, with the cure, for what a user can mend.

An engine that can speak neighbouring lines in one request, as two hosts talk to each other, may say so: ``speaks_exchanges`` is
true, ``exchanges`` names the lines that go together, ``speak_exchange`` gives the sound of each line with its place::

    class RobotEngine(VoiceEngine):
        speaks_exchanges = True

        def exchanges(self, requests):                 # lines that are missing side by side, of this engine, in one chapter
            return [range(0, len(requests))] if len(requests) > 1 else []

        def speak_exchange(self, requests, cancel):    # a line that gets no sound is then asked for with ``speak``
            for place, request in enumerate(requests):
                yield place, Clip(samples, rate_hz=24_000)

Lines stay the unit: each is kept by itself, so a changed line is spoken alone (``render.exchanges``).

An engine in the cloud may inherit from ``declaim.voices.cloud.CloudEngine``, which tries again, waits as the service asks, halves
what does not work and stops at once; it declares ``key_name`` and gets its key from ``self.access`` when it sends.
"""

from __future__ import annotations

from declaim.voices.access import Access, EngineChoices
from declaim.voices.engine import JSON, Layout, SpeechRequest, VoiceEngine
from declaim.voices.registry import Voices

__all__ = ["JSON", "Access", "EngineChoices", "Layout", "SpeechRequest", "VoiceEngine", "Voices"]
