"""The offline writer: no model, no network, the same script for the same input, byte for byte."""

from __future__ import annotations

from declaim.errors import InputError
from declaim.model.script import WrittenScript
from declaim.model.source import SourceType
from declaim.model.work import CancelToken
from declaim.scripts.beats import narrate
from declaim.scripts.changelog import ChangelogScript
from declaim.scripts.dialogue import converse
from declaim.scripts.document import DocumentScript
from declaim.scripts.request import WriteRequest


class OfflineWriter:
    """Turns releases into a told story and documents into narration, by rules. A changelog without releases is a document."""

    name = "offline"

    def write(self, request: WriteRequest, cancel: CancelToken) -> WrittenScript:
        source = request.source
        releases = request.releases or source.releases[:1]
        maker: ChangelogScript | DocumentScript
        if source.source_type is SourceType.CHANGELOG and releases:
            maker = ChangelogScript(request, releases, cancel)
        else:
            maker = DocumentScript(request, cancel)
        parts = maker.parts()
        if not parts:
            raise InputError("The source has no words to speak.", cure="Choose a source with text in it.")
        cancel.check()
        speak = converse if request.settings.speakers == 2 else narrate
        left_out = sorted({*source.left_out, *maker.left_out}, key=lambda item: (item.source_lines, item.reason, item.text))
        return WrittenScript(speak(maker.title(), parts), tuple(left_out), self.name)
