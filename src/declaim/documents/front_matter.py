"""The block of settings some Markdown files begin with: ``---`` (YAML) or ``+++`` (TOML). Read for titles, never spoken."""

from __future__ import annotations

import re
import tomllib

_MAX_LINES = 400
_PAIR = re.compile(r"([A-Za-z][\w .-]{0,60}?)\s*:(?:\s+(.*))?$")


def split_front_matter(text: str) -> tuple[dict[str, str], str, int]:
    """The pairs, the text with the front matter's lines emptied (so that line numbers stay true), and its last line.

    Only plain values are read; lists and nested settings are passed over. The last line is 0 where there is none.
    """
    fence = text[:4].rstrip()
    if fence not in ("---", "+++") or text[3:4] not in ("\n", " ", "\t"):
        return {}, text, 0
    lines = text.split("\n")
    ends = ("---", "...") if fence == "---" else ("+++",)
    end = next((at for at in range(1, min(len(lines), _MAX_LINES)) if lines[at].rstrip() in ends), 0)
    body = lines[1:end]
    pairs = _yaml_pairs(body) if fence == "---" else _toml_pairs("\n".join(body))
    if not end or (fence == "---" and not _is_yaml(body)):
        return {}, text, 0
    return pairs, "\n".join([""] * (end + 1) + lines[end + 1 :]), end + 1


def _is_yaml(body: list[str]) -> bool:
    """A rule, some prose and another rule are no front matter: every line must look like a setting."""
    first = next((line for line in body if line.strip() and not line.lstrip().startswith("#")), "")
    blanks = sum(not line.strip() for line in body)
    return (bool(_PAIR.match(first)) and blanks <= len(body) // 2) or not any(line.strip() for line in body)


def _yaml_pairs(body: list[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for line in body:
        match = _PAIR.match(line)
        if match is None:
            continue
        value = (match.group(2) or "").strip()
        if value[:1] in ("[", "{", "|", ">", "&", "*", "!"):
            continue
        pairs[match.group(1).lower()] = _unquote(value)
    return {key: value for key, value in pairs.items() if value}


def _unquote(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value.split(" #", 1)[0].rstrip()


def _toml_pairs(body: str) -> dict[str, str]:
    try:
        table = tomllib.loads(body)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    return {key.lower(): str(value) for key, value in table.items() if not isinstance(value, dict | list)}
