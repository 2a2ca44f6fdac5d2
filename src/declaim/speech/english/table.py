"""The table of English."""

from __future__ import annotations

from declaim.speech.english import code, dates, quantities, references, versions, web, words
from declaim.speech.english.numbers import spell
from declaim.speech.rules import RuleTable
from declaim.speech.scan import Language

ENGLISH = Language(
    code="en",
    rules=RuleTable(
        (
            *words.HEAD_RULES,
            *references.RULES,
            *code.SPAN_RULES,
            *web.RULES,
            *code.RULES,
            *dates.RULES,
            *versions.RULES,
            *quantities.RULES,
            *words.RULES,
        )
    ),
    code_rules=RuleTable(
        (
            *references.CODE_RULES,
            *words.CODE_RULES,
            *web.RULES,
            *code.RULES,
            *dates.RULES,
            *versions.RULES,
            *quantities.RULES,
            *code.IDENTIFIER_RULES,
        )
    ),
    spell=spell,
)
