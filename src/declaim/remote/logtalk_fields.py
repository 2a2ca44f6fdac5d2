"""The bodies and queries of LogTalk, as its contract has them. ``50KB`` is counted as 50,000 bytes: the smaller reading."""

from __future__ import annotations

from declaim.remote.bodies import Field, FieldTable

MOST_CONTENT_BYTES = 50_000
STATUSES = ("pending", "processing", "generating", "completed", "failed")
_TONE = Field(choices=("casual", "professional", "enthusiastic", "technical"))
_VERBOSITY = Field(choices=("brief", "normal", "detailed"))
_FLAG = Field("flag")
_CONTENT = Field(required=True, most_bytes=MOST_CONTENT_BYTES)
_WEBHOOK = Field(https=True)
_SCREENSHOTS = Field("texts", most=20, https=True)

SETTINGS: FieldTable = {
    "product_name": Field(),
    "version": Field(),
    "tone": _TONE,
    "audience": Field(),
    "verbosity": _VERBOSITY,
    "speakers": Field("integer", least=1, most=2),
    "use_history": _FLAG,
    "history_limit": Field("integer", least=1, most=100),
    "cta": Field(),
    "severity_aware_tone": _FLAG,
}
VOICE: FieldTable = {
    "provider": Field(choices=("gemini", "elevenlabs")),
    "delivery_preset": Field(choices=("measured", "dynamic", "theatrical")),
    "pronunciation_notes": Field(most=500),
    "expression_settings": Field(
        "object",
        fields={
            "emotional_range": Field(choices=("subtle", "moderate", "full")),
            "allow_whispering": _FLAG,
            "allow_laughter": _FLAG,
            "emphasis_style": Field(choices=("pauses", "both")),
            "emotional_arc": _FLAG,
        },
    ),
    "voice_id": Field(),
    "model": Field(choices=("v3", "flash_v2")),
    "host_voice_ids": Field("object", fields={"host1": Field(), "host2": Field()}),
}
CONVERSION: FieldTable = {
    "source_type": Field(required=True, choices=("changelog", "document")),
    "title": Field(required=True, most=500),
    "content": _CONTENT,
    "additional_context": Field(most_bytes=10_000),
    "settings": Field("object", fields=SETTINGS),
    "voice": Field("object", fields=VOICE),
    "product_id": Field(),
    "public_url": _FLAG,
    "webhook_url": _WEBHOOK,
    "wait": _FLAG,
}
CONVERSION_CHANGE: FieldTable = {
    "public_url": _FLAG,
    "title": Field(least=1, most=500),
    "additional_context": Field(most_bytes=10_000),
}
LIST: FieldTable = {
    "source_type": Field(choices=("changelog", "document")),
    "status": Field(choices=STATUSES),
    "limit": Field("integer", least=1, most=100),
    "cursor": Field(),
}
DOCTALK: FieldTable = {
    "content": _CONTENT,
    "context": Field(most_bytes=10_000),
    "content_description": Field(most=200),
    "settings": Field("object"),
}
EPISODE_SETTINGS: FieldTable = {
    "product_name": Field(),
    "version": Field(),
    "tone": _TONE,
    "audience": Field(),
    "verbosity": _VERBOSITY,
    "duration": _VERBOSITY,
}
EPISODE: FieldTable = {
    "content": _CONTENT,
    "mode": Field(choices=("changelog", "product-feature")),
    "output_format": Field(choices=("audio", "video")),
    "settings": Field("object", fields=EPISODE_SETTINGS),
    "screenshot_urls": _SCREENSHOTS,
    "webhook_url": _WEBHOOK,
    "wait": _FLAG,
    "further_details": Field(most=2000),
    "use_history": _FLAG,
    "history_limit": Field("integer", least=1, most=20),
    "public_url": _FLAG,
}
EPISODE_LIST: FieldTable = {
    "status": Field(choices=STATUSES),
    "mode": Field(choices=("changelog", "product-feature")),
    "output_format": Field(choices=("audio", "video")),
    "created_after": Field(),
    "created_before": Field(),
    "limit": Field("integer", least=1, most=100),
    "cursor": Field(),
}
EPISODE_RETRY: FieldTable = {"override_settings": Field("object", fields=EPISODE_SETTINGS), "webhook_url": _WEBHOOK}
SCRIPT: FieldTable = {
    "content": _CONTENT,
    "mode": Field(choices=("changelog", "product-feature")),
    "settings": Field("object", fields=EPISODE_SETTINGS),
    "screenshot_urls": _SCREENSHOTS,
}
SCRIPT_CONVERT: FieldTable = {"content": Field(most_bytes=MOST_CONTENT_BYTES)}
"""Not published: an empty body is what is known to be right."""
