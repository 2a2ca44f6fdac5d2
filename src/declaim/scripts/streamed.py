"""What can be read of a model's answer while it still arrives: JSON that has no end yet."""

from __future__ import annotations

import json
import re

_STRING = re.compile(r'"(title|speaker|text)"\s*:\s*"((?:[^"\\]|\\.)*)')


def readable(answer: str) -> str:
    """The lines so far, as a script shows them; the last one may break off."""
    shown: list[str] = []
    speaker = ""
    for match in _STRING.finditer(answer):
        words = _decoded(match.group(2))
        if match.group(1) == "speaker":
            speaker = words
        elif match.group(1) == "text":
            shown.append(f"[{speaker}]: {words}" if speaker else words)
        elif words:
            shown.append(f"{'##' if shown else '#'} {words}")
    return "\n\n".join(shown)


def _decoded(raw: str) -> str:
    """A JSON string's content, of which the end may be missing in the middle of an escape."""
    for cut in (raw, re.sub(r"\\(u[0-9a-fA-F]{0,3})?$", "", raw)):
        try:
            return str(json.loads(f'"{cut}"', strict=False))
        except ValueError:
            continue
    return raw
