"""Sheets over the window, each a ``Sheet`` (``sheet``) built when it is asked for: settings with ``voices_page``, ``key_form``
and ``engine_form``, import, export, statistics, shortcuts, about, and the report of a bug.
"""
