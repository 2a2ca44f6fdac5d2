"""What leaves? Tags, chapters, captions, bundles. Values and files in, files out; nothing here reads the library.

=============== ============================================================================
``finishing``   the last step of a take: tags in the file, captions and chapters beside it
``tags``        ID3v2.4, Vorbis comments, MP4 atoms, each with chapters
``retagging``   the same for another kind of file
``chapters``    from the lines' times: Podcasting 2.0 JSON, show notes
``captions``    SRT and WebVTT
``transcript``  plain and JSON
``bundle``      the zip that carries a recording, a folder or a project
=============== ============================================================================
"""

from __future__ import annotations

from declaim.export.bundle import Bundle, file_stem, is_bundle, open_bundle, write_bundle
from declaim.export.captions import format_srt, format_vtt
from declaim.export.chapters import ChapterMark, chapters_of, format_chapters, format_show_notes
from declaim.export.finishing import BESIDE, Told, finish, texts_beside, write_beside
from declaim.export.retagging import copy_tags
from declaim.export.tags import Metadata, write_tags
from declaim.export.transcript import format_transcript, format_transcript_json

__all__ = [
    "BESIDE",
    "Bundle",
    "ChapterMark",
    "Metadata",
    "Told",
    "chapters_of",
    "copy_tags",
    "file_stem",
    "finish",
    "format_chapters",
    "format_show_notes",
    "format_srt",
    "format_transcript",
    "format_transcript_json",
    "format_vtt",
    "is_bundle",
    "open_bundle",
    "texts_beside",
    "write_beside",
    "write_bundle",
    "write_tags",
]
