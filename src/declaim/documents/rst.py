"""reStructuredText -> Markdown, line for line, so that line numbers stay those of the file.

Not a full parser (docutils can read files and run code): the constructs that prose and changelogs are made of. A line that
carries only mark-up becomes empty or a fence.
"""

from __future__ import annotations

import re

from declaim.documents.inline import resolve_role
from declaim.documents.layout import Layout, split_indent
from declaim.documents.rst_tables import table_lines
from declaim.documents.titles import underlined_lines

_DIRECTIVE = re.compile(
    r"^\s*\.\. (?:\|(?P<substitution>[^|]{1,60})\| )?(?P<name>[A-Za-z][\w:+.-]{0,40})::(?:\s+(?P<argument>.*))?$"
)
_TARGET = re.compile(r"^\s*\.\. _(?P<name>`[^`]{1,200}`|(?:[^:\\]|\\:){1,200}):(?:\s+(?P<url>\S.*))?$")
_FOOTNOTE = re.compile(r"^\s*\.\. \[(?P<label>[#*]?[\w.-]{0,60})\]\s+(?P<text>.*)$")
_OPTION = re.compile(r"^\s*:[\w-]{1,40}:(?:\s|$)")
_DOCINFO = re.compile(r"^:(?P<name>[A-Za-z][\w -]{0,40}):\s+(?P<value>\S.*)$")
_LINE_BLOCK = re.compile(r"^(\s*)\| ?(?P<text>.*)$")
_CODE_NAMES = "code code-block sourcecode literalinclude parsed-literal doctest testcode math graphviz mermaid csv-table"
_SILENT_NAMES = (
    "contents toctree meta raw include index only highlight currentmodule module automodule autoclass autofunction tabs sectnum"
    " sectionauthor codeauthor default-role role title date replace unicode towncrier-draft-entries"
)
_CODE = frozenset(_CODE_NAMES.split())
_SILENT = frozenset(_SILENT_NAMES.split())
_WORDS = {
    "versionadded": "New in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
    "versionremoved": "Removed in version",
}
_ADMONITION_NAMES = "note warning tip important caution attention danger error hint seealso todo"
_ADMONITIONS = frozenset(_ADMONITION_NAMES.split())

_LITERAL = re.compile(r"``(?=[^\s`])((?:[^`]|`(?!`)){1,2000}?)(?<=\S)``(?!`)")
_ROLE = re.compile(r"(?<![\w:]):(?P<role>[A-Za-z][\w:.+-]{0,60}):`(?P<content>[^`]{1,500})`")
_LINK = re.compile(r"`(?P<text>[^`<>]{1,500}?)\s*<(?P<url>[^<>`]{1,1000})>`__?")
_PHRASE = re.compile(r"`(?P<text>[^`<>]{1,300})`__?(?!\w)")
_WORD = re.compile(r"(?<![\w`/:.@-])(?P<text>[A-Za-z][\w.-]{0,60}?)__?(?![\w`])")
_SUBSTITUTION = re.compile(r"\|(?P<name>[^|\s][^|]{0,60}?)\|_{0,2}")
_FOOTNOTE_MARK = re.compile(r"\s?\[[#*]?[\w.-]{0,40}\]_(?!\w)")
_REPLACE = re.compile(r"^\s*\.\. \|(?P<name>[^|]{1,60})\| replace::\s*(?P<text>.{0,500})$", re.MULTILINE)


def rst_to_markdown(text: str) -> str:
    """The Markdown of a reStructuredText; as many lines as the text."""
    return "\n".join(_Converter(text).convert())


class _Converter:
    def __init__(self, text: str) -> None:
        self._targets = _targets_of(text)
        self._substitutions = {match.group("name"): match.group("text") for match in _REPLACE.finditer(text)}
        source = text.split("\n")
        self._headings = underlined_lines(source)
        self._lines = source
        self._layout = Layout()
        self._made: list[str] = []
        self._at = 0

    def convert(self) -> list[str]:
        while self._at < len(self._lines):
            before = self._at
            self._step()
            assert self._at > before
            assert len(self._made) == self._at
        return self._made

    def _step(self) -> None:
        line = self._lines[self._at]
        heading = self._headings[self._at]
        if heading != line:
            self._put(self._heading(heading))
        elif not line.strip():
            self._put(self._layout.blank())
        elif line.lstrip().startswith((".. ", "__ ")) or line.strip() == "..":
            self._take_explicit(line)
        elif table := table_lines(self._lines, self._at):
            self._put(*(self._inline(row) for row in table))
        elif self._at < 30 and self._is_docinfo(line):
            self._put("")
        else:
            self._take_text(line)

    def _put(self, *lines: str) -> None:
        self._made.extend(lines)
        self._at += len(lines)

    def _heading(self, heading: str) -> str:
        self._layout.reset()
        return self._inline(heading) if heading.startswith("#") else heading

    def _is_docinfo(self, line: str) -> bool:
        return bool(_DOCINFO.match(line)) and not any(made.strip() and not made.startswith("#") for made in self._made)

    def _take_text(self, line: str) -> None:
        block = _LINE_BLOCK.match(line)
        if block:
            line = f"{block.group(1)}{block.group('text')}" if block.group("text").strip() else ""
        stripped = line.rstrip()
        if not stripped:
            self._put(self._layout.blank())
            return
        is_literal = stripped.endswith("::") and self._body_end(self._at + 1, split_indent(line)[0]) > self._next_filled(
            self._at + 1
        )
        if is_literal:
            stripped = (
                stripped[:-1] if not stripped.endswith((" ::", "\t::")) and stripped.strip() != "::" else stripped[:-2].rstrip()
            )
        indent = split_indent(line)[0]
        self._put(self._layout.place(self._inline(stripped), quotes=True) if stripped.strip() else self._layout.blank())
        if is_literal:
            self._take_code(self._body_end(self._at, indent), "")

    def _next_filled(self, at: int) -> int:
        while at < len(self._lines) and not self._lines[at].strip():
            at += 1
        return at

    def _body_end(self, at: int, indent: int) -> int:
        """The line behind the block that is indented more than ``indent``; ``at`` where there is none."""
        end = at
        while at < len(self._lines):
            line = self._lines[at]
            if line.strip():
                if split_indent(line)[0] <= indent:
                    break
                end = at + 1
            at += 1
        return end

    def _take_code(self, end: int, language: str, *, on_line: bool = False) -> None:
        """The block up to ``end`` as a fence: the opening on the line before it, the closing on the empty line behind."""
        while self._at < end and not self._lines[self._at].strip() and not on_line:
            if self._next_filled(self._at) - self._at == 1:
                break
            self._put("")
        if self._at >= end:
            return
        fence_indent = " " * self._layout.indent_at(
            self._lines[self._next_filled(self._at)] if not on_line else self._lines[self._at]
        )
        self._put(f"{fence_indent}```{language}")
        body = [line for line in self._lines[self._at : end] if line.strip()]
        margin = min((split_indent(line)[0] for line in body), default=0)
        for line in self._lines[self._at : end]:
            columns, text = split_indent(line)
            self._put(fence_indent + " " * (columns - margin) + text.replace("```", "'''") if text else "")
        if self._at < len(self._lines) and not self._lines[self._at].strip():
            self._put(f"{fence_indent}```")
            self._layout.blank()

    def _take_explicit(self, line: str) -> None:
        directive, target, footnote = _DIRECTIVE.match(line), _TARGET.match(line), _FOOTNOTE.match(line)
        indent = split_indent(line)[0]
        end = self._body_end(self._at + 1, indent)
        if directive:
            self._take_directive(directive, indent, end)
        elif target:
            url = target.group("url") or ""
            name = target.group("name").strip("`").replace("\\:", ":")
            self._put(f"[{name}]: {url}" if url and " " not in url and "[" not in name and "]" not in name else "")
        elif footnote:
            self._put(f"[^{footnote.group('label').lstrip('#*') or 'note'}]: {self._inline(footnote.group('text'))}")
            self._put(*("    " + self._inline(text) if (text := body.strip()) else "" for body in self._lines[self._at : end]))
        else:
            self._put(*[""] * (end - self._at))
        self._layout.blank()

    def _take_directive(self, directive: re.Match[str], indent: int, end: int) -> None:
        name = directive.group("name").lower()
        argument = (directive.group("argument") or "").strip()
        if directive.group("substitution") or name in _SILENT:
            self._put(*[""] * (end - self._at))
        elif name in _CODE:
            self._take_code_directive(end, argument.split()[0] if argument else "")
        elif name in ("image", "figure"):
            self._take_image(argument, end)
        else:
            self._take_words(name, argument, indent, end)

    def _take_code_directive(self, end: int, language: str) -> None:
        if self._next_filled(self._at + 1) >= end:
            self._put("")
            return
        self._take_code(end, re.sub(r"[^\w+-]", "", language), on_line=True)

    def _take_image(self, address: str, end: int) -> None:
        options = "\n".join(self._lines[self._at + 1 : end])
        alt = re.search(r"^\s*:alt:\s*(.{1,300})$", options, re.MULTILINE)
        words = re.sub(r"[\[\]]", "", alt.group(1).strip()) if alt else ""
        space = " " * self._layout.indent_at(self._lines[self._at])
        target = re.sub(r"[()\s]", "", address) or "#"
        self._put(f"{space}![{words}]({target})")
        self._put(*(self._caption(line) for line in self._lines[self._at : end]))

    def _caption(self, line: str) -> str:
        return self._layout.blank() if not line.strip() or _OPTION.match(line) else self._layout.place(self._inline(line.strip()))

    def _take_words(self, name: str, argument: str, indent: int, end: int) -> None:
        """A directive that holds text: its word, its argument, then its body as ordinary text."""
        word = _WORDS.get(name) or (name.capitalize() + ":" if name in _ADMONITIONS else "")
        opening = " ".join(part for part in (word, argument) if part)
        if name in _WORDS and argument:
            opening = f"{word} {argument.split()[0]}: {' '.join(argument.split()[1:])}".rstrip()
        first = self._lines[self._at]
        self._layout.blank()
        self._put(self._layout.place(first[: len(first) - len(first.lstrip())] + self._inline(opening)) if opening else "")
        # The body moves to the directive's own indent, so that it reads on.
        body = self._lines[self._at : end]
        margin = min((split_indent(line)[0] for line in body if line.strip()), default=0)
        for offset, line in enumerate(body):
            columns, text = split_indent(line)
            moved = " " * (indent + columns - margin) + text
            self._lines[self._at + offset] = moved if text and not (_OPTION.match(line) and offset < 6) else ""
            self._headings[self._at + offset] = self._lines[self._at + offset]

    def _inline(self, line: str) -> str:
        if "`" not in line and "_" not in line and "|" not in line:
            return line
        codes: list[str] = []

        def keep(code: str) -> str:
            codes.append(code)
            return f"\x00{len(codes) - 1}\x00"

        line = line.replace("\x00", "")
        line = _LITERAL.sub(lambda match: keep(_code(match.group(1))), line)
        line = _ROLE.sub(lambda match: keep(_role(match.group("role"), match.group("content"))), line)
        line = _LINK.sub(lambda match: keep(self._link(match.group("text"), match.group("url"))), line)
        line = _PHRASE.sub(lambda match: keep(self._link(match.group("text"), "")), line)
        line = _FOOTNOTE_MARK.sub("", line)
        if self._substitutions:
            line = _SUBSTITUTION.sub(lambda match: self._substitutions.get(match.group("name"), match.group()), line)
        line = _WORD.sub(self._word, line)
        return re.sub(r"\x00(\d+)\x00", lambda match: codes[int(match.group(1))], line)

    def _link(self, text: str, url: str) -> str:
        words = " ".join(text.split()).replace("[", "(").replace("]", ")")
        address = url.rstrip("_") if url.endswith("_") and "/" not in url else url
        address = self._targets.get(address.lower(), address) or self._targets.get(words.lower(), "")
        return f"[{words}]({address})" if address and " " not in address and words else words

    def _word(self, match: re.Match[str]) -> str:
        address = self._targets.get(match.group("text").lower())
        return f"[{match.group('text')}]({address})" if address else match.group()


def _targets_of(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.split("\n"):
        if ".. _" in line and (match := _TARGET.match(line)) and match.group("url"):
            found[match.group("name").strip("`").replace("\\:", ":").lower()] = match.group("url").strip()
    return found


def _role(role: str, content: str) -> str:
    return resolve_role(role, " ".join(content.split()))


def _code(content: str) -> str:
    return f"`{content}`" if "`" not in content else f"`` {content} ``"
