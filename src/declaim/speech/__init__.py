"""How is it said? A line and the lexicon -> spoken text and cues.

``speech.Speech`` takes the cues out and puts the parts together · ``markup`` takes Markdown, HTML and emoji out ·
``scan`` walks a text once, lexicon first, then the rules · ``rules`` finds the few that can apply at a place ·
``english`` is the table of rules of one language ·
``lexicon`` finds entries in a text, ``entry_pattern`` makes regular-expression entries safe ·
``lexicon_files`` TSV and PLS · ``notes`` free-text pronunciation notes · ``listening`` which words a recogniser did not hear.
"""

from declaim.speech.lexicon import built_in_lexicon, check_entry
from declaim.speech.lexicon_files import read_lexicon, write_lexicon
from declaim.speech.notes import parse_notes
from declaim.speech.speech import Speech

__all__ = ["Speech", "built_in_lexicon", "check_entry", "parse_notes", "read_lexicon", "write_lexicon"]
