"""What is this sound? Files, joining, loudness, peaks, playing, recording.

=================== =================================================================================
``clips``           any file -> ``Clip`` or blocks; fading
``spool``           sound of any length as it comes; joining, trimming
``files``           how long a file is; one kind made into another
``writers``         streaming writers: WAV, FLAC, Ogg Opus, MP3, M4B
``mp3``             LAME in pieces that can be kept; ``mp3_frames``: the frames of a stream
``mp3_twin``        two equal channels from a mono stream, without encoding again; ``opus_twin``: the same of Ogg Opus
``resampling``      other rates, streaming; decibels
``stretch``         faster and slower at the same pitch
``measure``         ``SoundMeasure``: a line in a hundred numbers a second
``weighting``       K-weighting and gating of BS.1770-4
``loudness``        streaming meter, whole files (``measure_file``), programmes of measured lines
``true_peak``       the peaks between the samples
``limiter``         look-ahead limiter on those numbers
``delivery_sheet``  a finished file against a standard
``profile``         what a voice sample is like: loudness, noise, pitch, pace
``peaks``           the waveform's file
``music``           music files as streams, looped where asked
``player``          plays ``sound_sources``; ``microphone`` records onto a ``tape``; both through ``sound_card``
=================== =================================================================================
"""

from __future__ import annotations

from declaim.audio.clips import faded, read_blocks, read_clip, write_flac
from declaim.audio.delivery_sheet import DeliverySheet, SheetRow, delivery_sheet
from declaim.audio.limiter import apply_gain, limiter_gain
from declaim.audio.loudness import FileMeasure, LoudnessMeter, PowerTimeline, measure_file
from declaim.audio.measure import BINS_PER_S, SoundMeasure, measure_blocks, measure_sound
from declaim.audio.mp3 import Mp3Settings
from declaim.audio.peaks import Peaks, peaks_of_file
from declaim.audio.resampling import Resampling, amplitude, decibels, resample, resample_blocks
from declaim.audio.spool import Spool
from declaim.audio.true_peak import TruePeak
from declaim.audio.weighting import integrated_loudness
from declaim.audio.writers import FORMATS, AudioWriter, check_format, open_writer, to_pcm16, writing

__all__ = [
    "BINS_PER_S",
    "FORMATS",
    "AudioWriter",
    "DeliverySheet",
    "FileMeasure",
    "LoudnessMeter",
    "Mp3Settings",
    "Peaks",
    "PowerTimeline",
    "Resampling",
    "SheetRow",
    "SoundMeasure",
    "Spool",
    "TruePeak",
    "amplitude",
    "apply_gain",
    "check_format",
    "decibels",
    "delivery_sheet",
    "faded",
    "integrated_loudness",
    "limiter_gain",
    "measure_blocks",
    "measure_file",
    "measure_sound",
    "open_writer",
    "peaks_of_file",
    "read_blocks",
    "read_clip",
    "resample",
    "resample_blocks",
    "to_pcm16",
    "write_flac",
    "writing",
]
