"""What should be spoken? A ``Source`` and settings become a ``Script``; scripts become text and come back.

* ``format``: the script text format, parsed and formatted; ``plain``: any other text as a script
* ``request``: the ``Writer`` seam; ``writer``: the built-in writers by name; ``measure``: words and seconds
* ``offline``: the writer without a model. ``changelog`` (with ``facts``, ``sections``, ``entries``, ``readings``, ``clauses``,
  ``verbs``) and ``document`` (with ``prose``) make ``beats``; one voice narrates them or ``dialogue`` makes a conversation.
  ``phrases`` and ``replies`` are the words; ``inline`` and ``sentences`` read the source's text. ``verbatim``: the author's
  words alone
* ``gemini_writer``: the writer with a model; ``briefing`` is what the model is told, ``streamed`` what can be read
  of its answer so far, ``doubts`` what it may have made up
* ``diff``, ``merge``: what changed between two scripts; regenerating without losing an edit
"""

from declaim.scripts.diff import Change, ChangeKind, Heading, Piece, describe_changes, diff_scripts, pieces_of, script_of
from declaim.scripts.format import ScriptError, format_script, looks_like_script, parse_script
from declaim.scripts.measure import count_words, estimate_seconds
from declaim.scripts.merge import Choice, Hunk, Merge, merge_scripts
from declaim.scripts.plain import import_plain
from declaim.scripts.request import Writer, WriteRequest
from declaim.scripts.writer import writer

__all__ = [
    "Change",
    "ChangeKind",
    "Choice",
    "Heading",
    "Hunk",
    "Merge",
    "Piece",
    "ScriptError",
    "WriteRequest",
    "Writer",
    "count_words",
    "describe_changes",
    "diff_scripts",
    "estimate_seconds",
    "format_script",
    "import_plain",
    "looks_like_script",
    "merge_scripts",
    "parse_script",
    "pieces_of",
    "script_of",
    "writer",
]
