"""The bodies and queries of Respeecher, as its contract has them and, where it is silent, as its OpenAPI does."""

from __future__ import annotations

from declaim.remote.bodies import Field, FieldTable

MOST_TEXT = 1000
_FLAG = Field("flag")
_ID = Field(required=True)
_NAME_PATTERN = r"[a-zA-Z0-9 -]{1,40}"
_ALPHABET = "1 to 40 of the letters a-z, digits, spaces and hyphens"
_NAME = Field(required=True, most=40, pattern=_NAME_PATTERN, alphabet=_ALPHABET)
_LABEL = Field(most=40, pattern=_NAME_PATTERN, alphabet=_ALPHABET)
_SEMITONES = Field("number", least=-48, most=48)
_SPLIT = f"Split it into parts of at most {MOST_TEXT:,} characters, each an original of its own."
_TEXT = Field(required=True, least=1, most=MOST_TEXT, cure=_SPLIT)
_DIRECTION = Field(choices=("asc", "desc"))
_OFFSET = Field("integer", least=0)
_NOTE_TEXT = Field(required=True, most=2000)


def _limit(most: int) -> Field:
    return Field("integer", least=1, most=most)


API_KEY: FieldTable = {"expires_at": Field()}
LOGIN: FieldTable = {"email": _ID, "password": _ID, "session_duration": Field("integer", least=1)}
CALIBRATION: FieldTable = {"name": _NAME}
CALIBRATION_LIST: FieldTable = {"limit": _limit(200), "offset": _OFFSET}
PROJECT: FieldTable = {"name": _NAME, "owner": Field(), "models": Field("object")}
PROJECT_CHANGE: FieldTable = {"name": _NAME}
PROJECT_LIST: FieldTable = {
    "limit": _limit(100),
    "offset": _OFFSET,
    "sort": Field(choices=("name", "created_at", "last_recording_at")),
    "direction": _DIRECTION,
    "owner": Field(),
}
FOLDER: FieldTable = {"name": _NAME, "project_id": _ID}
FOLDER_CHANGE: FieldTable = {"name": _NAME}
FOLDER_LIST: FieldTable = {"project_id": _ID, "limit": _limit(200), "offset": _OFFSET, "direction": _DIRECTION}
_RECORDING_PAGE: FieldTable = {"limit": _limit(200), "offset": _OFFSET, "direction": _DIRECTION}
RECORDING_LIST: FieldTable = {"project_id": Field(), "folder_id": Field(), **_RECORDING_PAGE}
ORIGINAL_LIST: FieldTable = {"folder_id": _ID, **_RECORDING_PAGE}
CONVERSION_LIST: FieldTable = {"original_id": _ID, **_RECORDING_PAGE}
UPLOAD: FieldTable = {"parent_folder_id": _ID, "microphone": Field(), "label": _LABEL}
OLD_TTS: FieldTable = {"project_id": _ID, "parent_folder_id": _ID, "label": _LABEL, "voice_id": _ID, "text": _TEXT}
TTS: FieldTable = {
    "parent_folder_id": _ID,
    "text": _TEXT,
    "text_language": Field(pattern=r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*", alphabet="an ISO 639 language code, as 'en'"),
    "label": _LABEL,
    "tts_voice_id": Field(),
}
RECORDING_CHANGE: FieldTable = {"label": _LABEL, "starred": _FLAG}
RECORDING_REPLACEMENT: FieldTable = {"label": _NAME, "starred": Field("flag", required=True)}
EXPORT: FieldTable = {"starred_only": _FLAG}
NOTE: FieldTable = {"recording_id": _ID, "text": _NOTE_TEXT}
NOTE_DELETION: FieldTable = {"recording_id": _ID}
PROJECT_STATS: FieldTable = {"project_ids": Field("texts", required=True, least=1, most=200)}
FOLDER_STATS: FieldTable = {"folder_ids": Field("texts", required=True, least=1, most=200)}
ORDER: FieldTable = {
    "original_id": _ID,
    "conversions": Field(
        "objects",
        required=True,
        least=1,
        fields={
            "voice_id": _ID,
            "narration_style_id": Field(),
            "accent_id": Field(),
            "semitones_correction": _SEMITONES,
            "label": _LABEL,
        },
    ),
    "calibration_id": Field(),
    "use_calibration": _FLAG,
}
VOICE_FILTERS = ("visibility", "species", "gender", "age_group", "pitch_group", "nationality")
VOICE_LIST: FieldTable = {
    "limit": _limit(100),
    "offset": _OFFSET,
    "sort": Field(choices=("name", "pitch", "rating", "created_at", "default")),
    "direction": _DIRECTION,
    **dict.fromkeys(VOICE_FILTERS, Field("texts")),
}
VOICE_SEARCH: FieldTable = {"name": Field(required=True, least=2), "limit": _limit(10)}
FAVOURITE: FieldTable = {"favorite": Field("flag", required=True)}
VOICE_SETTINGS: FieldTable = {
    "voice_id": _ID,
    "narration_style_id": Field(),
    "accent_id": Field(),
    "semitones_correction": _SEMITONES,
}
