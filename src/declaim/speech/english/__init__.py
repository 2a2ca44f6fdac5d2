"""English: every rule of the spoken form, as one table.

``numbers`` says figures · ``versions`` versions, comparisons · ``quantities`` units, multiples, money, ranges · ``dates`` ·
``references`` issues, hashes, handles, what stands in brackets · ``code`` identifiers, options, paths, shortcuts ·
``web`` addresses, HTTP, CVE, RFC · ``words`` commit heads, abbreviations, signs · ``units`` and ``names`` are their data.
"""

from declaim.speech.english.table import ENGLISH

__all__ = ["ENGLISH"]
