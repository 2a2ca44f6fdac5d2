"""A voice that can be downloaded: what it is, where it lies, what its files must be."""

from __future__ import annotations

from dataclasses import dataclass

from declaim.model.ids import VoiceId
from declaim.model.voice import Gender


@dataclass(frozen=True)
class OfferedFile:
    """``path`` below the source's base URL. ``digests`` as ``sha256:…`` or ``md5:…``, all of which must fit; a size of 0 and no
    digests: the list of the source has to say."""

    path: str
    size_bytes: int = 0
    digests: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class OfferedVoice:
    """``key`` is the source's own name of it. An empty ``licence``: its model card says, once it is here."""

    id: VoiceId
    key: str
    name: str
    engine: str
    language: str
    files: tuple[OfferedFile, ...]
    gender: Gender = Gender.UNKNOWN
    quality: str = ""
    licence: str = ""

    @property
    def size_bytes(self) -> int:
        return sum(file.size_bytes for file in self.files)

    @property
    def size_text(self) -> str:
        """As in "63 MB"."""
        if self.size_bytes >= 1_000_000:
            return f"{self.size_bytes / 1e6:.0f} MB"
        return f"{max(1, round(self.size_bytes / 1e3))} kB" if self.size_bytes else ""
