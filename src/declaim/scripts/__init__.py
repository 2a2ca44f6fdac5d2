"""What should be spoken? A ``Source`` and settings become a ``Script``; scripts become text and come back.

* ``format``: the script text format, parsed and formatted; ``plain``: any other text as a script
* ``diff``, ``merge``: what changed between two scripts; regenerating without losing an edit
"""

from declaim.scripts.diff import Change, ChangeKind, Heading, Piece, describe_changes, diff_scripts, pieces_of, script_of
from declaim.scripts.format import ScriptError, format_script, looks_like_script, parse_script
from declaim.scripts.merge import Choice, Hunk, Merge, merge_scripts
from declaim.scripts.plain import import_plain

__all__ = [
    "Change",
    "ChangeKind",
    "Choice",
    "Heading",
    "Hunk",
    "Merge",
    "Piece",
    "ScriptError",
    "describe_changes",
    "diff_scripts",
    "format_script",
    "import_plain",
    "looks_like_script",
    "merge_scripts",
    "parse_script",
    "pieces_of",
    "script_of",
]
