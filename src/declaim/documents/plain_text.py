"""A plain text that is in no changelog's dialect -> Markdown."""

from __future__ import annotations

import re

from declaim.documents.indented import bullet_entries
from declaim.documents.layout import Layout
from declaim.documents.titles import find_head_lines, underlined_lines


def text_to_markdown(text: str) -> str:
    """A plain text as Markdown: underlined titles become headings, indentation follows the bullets. Fences stay as they are."""
    layout = Layout()
    made: list[str] = []
    fence = ""
    lines = underlined_lines(text.split("\n"))
    for line in bullet_entries(lines, find_head_lines(lines)):
        mark = re.match(r"^\s{0,3}(`{3,}|~{3,})", line)
        if mark and not fence and mark.group(1)[0] == "~" and made and made[-1].strip():
            # An underline that none of the titles has.
            made.append(layout.blank())
            continue
        if mark and (not fence or mark.group(1).startswith(fence)):
            fence = "" if fence else mark.group(1)
            made.append(line)
        elif fence:
            made.append(line)
        elif not line.strip():
            made.append(layout.blank())
        elif line.startswith("#"):
            layout.reset()
            made.append(line)
        else:
            made.append(layout.place(line))
    return "\n".join(made)
