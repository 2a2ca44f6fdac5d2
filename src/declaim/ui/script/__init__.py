"""The middle of the window: a script and what it was made from.

* ``script_page`` (title, tabs, what keeps them in step), ``page_header``, ``page_meta``, ``script_keeper`` (saving)
* the editor, a ``QTextEdit`` with one block for each line and chapter. A block's format carries speaker and delivery, so Qt's
  own undo covers them; its user state says which line of the library it is.
  ``rows`` reads and writes the script format without refusing anything; ``row_document`` ``row_format`` how rows lie in the
  text; ``row_view`` shows them, ``row_painter`` draws what stands around them; ``row_edits`` keep rows whole; ``row_editor``
  what is done to them by name, ``script_editor`` and ``editor_menus`` by which keys, clicks and menus; ``cue_highlighter``
  ``cue_marks`` ``doubt_marks`` ``find_bar`` mark words (``text_offset``: where they are in Qt's counting)
* the other tabs: ``source_tab`` ``source_view`` ``left_out_list``; ``spoken_view``
* sheets: ``versions_sheet`` with ``diff_view``, ``writing_sheet``, ``merge_sheet`` with ``merge_model``
"""
