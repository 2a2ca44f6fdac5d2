"""Where in a file the words of a block stand, while its Markdown is written."""

from __future__ import annotations

from declaim.model.source import SourceLines


class Places:
    """``go_to`` follows the reader through the text; what it notes in between is taken with the next block."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at, self._line = 0, 1
        self._here: SourceLines = (1, 1)
        self._is_blank = True
        self._noted: list[SourceLines | None] = [None]
        """Of each line of the block so far."""

    def go_to(self, start: int, end: int) -> None:
        """The reader is at the words, or the tag, from ``start`` to ``end``; it never goes back."""
        words = self._text[start:end]
        first = start + len(words) - len(words.lstrip())
        self._line += self._text.count("\n", self._at, first)
        self._at = first
        self._here = (self._line, self._line + words.strip().count("\n"))
        self._is_blank = first == end

    def note(self) -> None:
        """Here is something of the block, if it is more than white space."""
        if not self._is_blank:
            self._noted[-1] = _both(self._noted[-1], self._here)

    def break_line(self) -> None:
        self._noted.append(None)

    def forget(self) -> None:
        """Nothing came of the block."""
        self._noted = [None]

    def taken(self, count: int) -> list[SourceLines]:
        """Of each of the ``count`` lines of the block that was written: its own where so many were noted, else all of them."""
        noted = [lines for lines in self._noted if lines is not None] or [self._here]
        self.forget()
        if len(noted) == count:
            return noted
        return [(noted[0][0], max(last for _, last in noted))] * count


def _both(noted: SourceLines | None, here: SourceLines) -> SourceLines:
    return (noted[0], max(noted[1], here[1])) if noted else here
