"""The two tables of reStructuredText -> pipe tables, line for line. Lines that only draw become empty rows."""

from __future__ import annotations

import re

_SIMPLE_BORDER = re.compile(r"^\s*={2,}(?:\s+={2,})+\s*$")
_SPAN_BORDER = re.compile(r"^\s*-{2,}(?:\s+-{2,})*\s*$")
_GRID_BORDER = re.compile(r"^\s*\+(?:[-=]{2,}\+){1,100}\s*$")
_MAX_LINES = 2000


def table_lines(lines: list[str], at: int) -> list[str]:
    """The Markdown of the table that starts at ``at``, as many lines as it has; empty where none starts."""
    if _GRID_BORDER.match(lines[at]):
        return _grid(lines, at)
    return _simple(lines, at) if _SIMPLE_BORDER.match(lines[at]) else []


def _simple(lines: list[str], at: int) -> list[str]:
    borders = [at]
    end = at + 1
    while end < min(len(lines), at + _MAX_LINES):
        if _SIMPLE_BORDER.match(lines[end]):
            borders.append(end)
            if end + 1 >= len(lines) or not lines[end + 1].strip():
                break
        end += 1
    if len(borders) < 2:
        return []
    columns = [match.span() for match in re.finditer(r"=+", lines[at])]
    rows = [
        _row([""] * len(columns)) if _SPAN_BORDER.match(line) or _SIMPLE_BORDER.match(line) else _row(_cells(line, columns))
        for line in lines[at + 1 : borders[-1]]
    ]
    rule = "|" + " --- |" * len(columns)
    # Without a header of its own, the first row takes its place.
    head = borders[1] - at - 1 if len(borders) > 2 else 0
    if len(borders) > 2:
        rows[head] = rule
        return ["", *[""] * (head - 1), *rows[max(0, head - 1) : head], *rows[head:], ""]
    return [rows[0], rule, *rows[1:], ""] if rows else []


def _grid(lines: list[str], at: int) -> list[str]:
    end = at
    while end < min(len(lines), at + _MAX_LINES) and re.match(r"^\s*[+|]", lines[end]):
        end += 1
    block = lines[at:end]
    width = lines[at].count("+") - 1
    made = [""]
    has_rule = False
    for line in block[1:-1]:
        if not line.lstrip().startswith("+"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            made.append(_row((cells + [""] * width)[:width]))
        elif has_rule:
            made.append(_row([""] * width))
        else:
            made.append("|" + " --- |" * width)
            has_rule = True
    return [*made, ""] if len(block) > 2 and has_rule else ["```", *block[1:-1], "```"] if len(block) > 2 else [""] * len(block)


def _cells(line: str, columns: list[tuple[int, int]]) -> list[str]:
    cells = []
    for position, (start, _end) in enumerate(columns):
        stop = columns[position + 1][0] if position + 1 < len(columns) else len(line)
        cells.append(line[start:stop].strip().replace("|", "\\|"))
    return cells


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
