"""What does this file say? Any file -> Markdown -> ``Source``.

* ``reading``: files, by their endings, and texts; ``parsing``: the steps; ``selection``: which releases are told
* to Markdown: ``decoding`` ``rst`` (with ``rst_tables``) ``hypertext`` (on ``tags``, with ``html_words`` and ``places``)
  ``office`` ``pdf`` ``epub`` ``github`` (release JSON) ``plain_text`` and ``dialects`` (plain-text changelogs), both by
  ``titles``, ``layout`` and ``indented``; ``archives`` refuses dangerous zips
* from Markdown: ``markdown`` (blocks with source lines) and ``simple_markdown`` (its fast half), both as ``nodes``;
  ``tidying`` (what is not read), ``front_matter``, ``inline``, ``naming``
* changelogs: ``detection``; ``headings``, ``versions`` and ``dates`` (which headings are releases); ``changelog`` (the walk),
  ``groups``, ``items``, ``entries`` and ``credits``
"""

from declaim.documents.decoding import decode
from declaim.documents.reading import parse_source, read_source
from declaim.documents.selection import select_releases

__all__ = ["decode", "parse_source", "read_source", "select_releases"]
