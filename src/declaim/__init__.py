"""Declaim: a local desktop audio studio for writers.

The map. Four floors; imports only go down (``tests/test_architecture.py`` holds the table).

===============  ==================================================================================
``app`` ``cli``  composition: build everything once; imported by nothing
``ui/``          what the user sees: PySide6 lives here and in ``app``, nowhere else
``commands/``    what the user can do: one module per noun, on the main thread; ``Studio`` gathers them
``render/``      how a script becomes a programme: plan, run, programme
``documents/``   what does this file say? any file -> Markdown -> ``Source``
``scripts/``     what should be spoken? the writers and the script text format
``speech/``      how is it said? a line -> ``SpokenLine``, with the lexicon
``voices/``      who says it? one module per engine
``audio/``       what is this sound? files, joining, loudness, peaks, playing, recording
``storage/``     where is it kept? the library file and the media folder
``remote/``      what does the other side say? one module per service
``export/``      what leaves? tags, captions, chapters, bundles
``jobs/``        when does it run? executor, cancel, pause, progress
``model/``       what exists: frozen values, standard library only
``errors`` ``paths`` ``process``  what goes wrong, where things lie, what a process sets at its start
===============  ==================================================================================

One render: file -documents-> Source -scripts-> Script -(the user edits)-> Script -speech-> SpokenLine
-voices-> Clip -audio-> a take on disk -commands-> a Recording row, announced as ``Changes``.
"""

__version__ = "0.1.0"
