"""The middle of the window: a script and what it was made from.

``script_page`` holds the title, the tabs and the saving; ``script_editor`` is the editor: a ``QTextEdit`` with one block
for each line and chapter. A block's format carries speaker and delivery (so Qt's own undo covers them), its user state
says which line of the library it is. ``rows`` reads and writes the script format without refusing anything;
``row_edits`` are the edits that keep rows whole; ``row_painter`` draws gutter, chips, pills and lengths;
``cue_highlighter`` gives cues and headings their type. ``source_tab`` and ``spoken_view`` are the other two tabs,
``page_meta`` counts and words the line under the title.
"""
