"""The left column: search, the tree of everything and its filters.

``library_panel`` gathers it and says what to open, ``library_orders`` carries out what is wished of rows. ``library_rows`` is
what the tree knows of the library, without Qt; ``library_model`` ``library_tree`` ``library_delegate`` show it,
``library_filters`` narrows it, ``search_results`` stands in its place while something is looked for.
"""
