"""How does a script become a programme? The one machine off the main thread that joins speech, voices and audio.

==============  ==========================================================================
``rendering``   ``render``: the whole road; ``speak_one``: a single line
``preparing``   what it needs before the first word, or why it is refused
``planned``     what is asked, and what a plan holds: values
``plan``        each line's key, what is ready and what is not
``reasons``     why what was ready is so no more
``asked``       what a line was asked for, kept for that
``run``         lines to workers and back
``outcomes``    what becomes of them: values
``dealing``     which line is spoken next
``under_way``   what another render speaks just now
``exchanges``   neighbouring lines in one request
``speaking``    one line through its engine
``check``       does a line sound as it should?
``verify``      what a recogniser hears of the lines
``cache``       finished lines under their keys
``pauses``      the quiet between lines
``languages``   which one is spoken
``standards``   what a programme is levelled to
``music``       intro, outro and bed: where, how loud, ducked when
``timeline``    where every line and every piece of music lies
``levels``      gains, from the measures of the lines
``mixing``      lines and music in one stream
``sinks``       encoding, of kept pieces where it is silent around them
``earlier``     what the file that is replaced was made of, and what of it can be copied
``preview``     how loud voices are played before that
``programme``   all of that in order
``pace``        how fast each voice is, learned on this machine
==============  ==========================================================================
"""

from __future__ import annotations

from declaim.render.cache import KeptLine, LineCache, LineRecipe
from declaim.render.languages import in_its_language, language_of, languages_of
from declaim.render.outcomes import LineOutcome, LinesFailed
from declaim.render.plan import line_key, plan_render
from declaim.render.planned import PlannedLine, RenderPlan, RenderRequest
from declaim.render.preparing import prepare
from declaim.render.reasons import plan_with_reasons
from declaim.render.rendering import RenderResult, SuspectLine, render, speak_one
from declaim.render.standards import STANDARDS, Standard

__all__ = [
    "STANDARDS",
    "KeptLine",
    "LineCache",
    "LineOutcome",
    "LineRecipe",
    "LinesFailed",
    "PlannedLine",
    "RenderPlan",
    "RenderRequest",
    "RenderResult",
    "Standard",
    "SuspectLine",
    "in_its_language",
    "language_of",
    "languages_of",
    "line_key",
    "plan_render",
    "plan_with_reasons",
    "prepare",
    "render",
    "speak_one",
]
