"""Versions, comparisons, and figures that are versions because of what stands around them."""

from __future__ import annotations

import re

from declaim.speech.english.names import _NOT_NAMES, PROGRAMS, VERSION_VERBS, VERSION_WORDS
from declaim.speech.english.numbers import SMALL, cardinal, one_by_one, version_number
from declaim.speech.english.quantities import quantity_at
from declaim.speech.english.wordlist import words_in
from declaim.speech.rules import DIGIT, LETTER, Rule, Said
from declaim.speech.scan import Scan

_STAGES = {
    "a": "alpha", "b": "beta", "c": "release candidate", "rc": "release candidate", "pre": "pre-release", "dev": "dev",
    "lts": "LTS", "ga": "G A", "sp": "service pack", "m": "milestone", "r": "revision", "p": "patch", "cr": "candidate release",
}  # fmt: skip
_STAGE = (
    r"(?:alpha|beta|rc|cr|preview|pre|dev|post|canary|nightly|snapshot|next|hotfix|patch|final|milestone|experimental|insiders?|edge|"
    r"stable|lts|ga|release|[ab](?=[-._]?\d))"
)
_TAIL = (
    rf"(?P<tail>[-._]?{_STAGE}(?![A-Za-z])(?:[-._]?[0-9]{{1,20}}(?![0-9A-Za-z]))?(?:[-.][0-9A-Za-z]{{1,30}}){{0,6}}"
    r"|-(?=[0-9A-Za-z])[0-9A-Za-z]{1,30}(?:[-.][0-9A-Za-z]{1,30}){0,6})?"
    r"(?P<build>\+[0-9A-Za-z]{1,40}(?:[-.][0-9A-Za-z]{1,40}){0,6})?"
)
_CORE = r"(?P<core>\d{1,12}(?:\.\d{1,12}){0,5}(?P<any>\.[xX*](?!\w))?)"
_VERSION = re.compile(rf"{_CORE}{_TAIL}(?![\w])(?!\.\d)", re.IGNORECASE)
_PREFIXED = re.compile(rf"(?:[vV]|[vV]er\.?\s?)(?={_CORE})", re.IGNORECASE)
_LOOSE = re.compile(rf"{_CORE}(?!\w)(?!\.\d)")
_OR_NEWER = re.compile(r"\+(?![\w+])|\s?(?:and|or)\s(?:newer|later|above|up)\b")
_CHAIN = re.compile(
    r"\s*(?:,\s*(?:and|or)?|and|or|to|through|thru|until|vs\.?|versus|/|-|–|—|->|→|=>|⇒|\.{2,3}|&|\||and\sfrom|[>=<~!^]{1,2})\s*"
    r"|\s*,?\s*(?:and|or)?\s*[<>=!~^]{1,3}\s*"
)
_BACKWARDS_WORD = re.compile(r"(?:s['’])?(?P<word>[\w+#][\w.+#-]*)")
_UNIT_WORD = re.compile(
    r"[\s-](?:(?:nano|micro|milli)?seconds?|minutes?|hours?|days?|weeks?|months?|years?|percent(?:age)?|thousand|million|billion|trillion|times|"
    r"(?:kilo|mega|giga|tera|kibi|mebi|gibi)?(?:bytes?|bits?|hertz)|(?:kilo|centi|milli)?(?:met(?:er|re)s?|grams?)|miles?|inch(?:es)?|feet|"
    r"pounds?|dollars?|euros?|degrees?|points?|pixels?|decibels?)\b",
    re.IGNORECASE,
)
_UP_TO = re.compile(r"\s?[-–—]\s?v?(?=\d{1,4}\.\d)")
_BETWEEN = " \t(:<>=~^!≥≤\ue000\ue001"
_WEAK = frozenset(
    words_in("""
    to from since until in before after below above for on with than of through at by and or the
""")
)
_OPERATOR = re.compile(r"(?P<op>>=|<=|===?|!=|~=|~>|[<>~^≥≤≠≈≃])\s?(?=[vV]?\d|[$€£¥])")
_GROUPED_HUNDREDS = re.compile(r"\d{1,3}(?:\.\d00){2,}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TWO_DECIMALS = re.compile(r"\d{1,2}\.[1-9]\d")
_ONE_DECIMAL = re.compile(r"\d{1,2}\.[1-9]")
_STAGE_AHEAD = re.compile(rf"[-._]?{_STAGE}(?![A-Za-z])", re.IGNORECASE)
_NOUN = re.compile(r"\s[a-z]{3,}(?<!and)(?<!but)(?<!for)(?<!the)\b(?<!now)(?<!only)(?<!when)(?<!with)(?<!instead)")


def version_words(core: str, tail: str = "", build: str = "") -> str:
    """``2.0.0`` two point oh; ``1.0.0``, ``-rc.1``: one point oh release candidate one."""
    numbers = core.split(".")
    if len(numbers) >= 3 and numbers[-1] == "0":
        numbers.pop()
    said = [version_number(numbers[0], is_first=True)]
    said += ["x" if number in "xX*" else version_number(number, is_first=False) for number in numbers[1:]]
    return " ".join(filter(None, [" point ".join(said), _stage_words(tail), _stage_words(build)]))


def _stage_words(tail: str) -> str:
    words = []
    for part in re.findall(r"[A-Za-z]+|\d+", tail):
        if part.isdigit():
            words.append(cardinal(part) if len(part) <= 4 and not (part[0] == "0" and len(part) > 1) else one_by_one(part))
        else:
            words.append(_STAGES.get(part.lower(), part.lower() if len(part) > 3 else part))
    return " ".join(words)


def version_at(scan: Scan, at: int, *, is_sure: bool = False) -> Said | None:
    """The version at an offset: where its form leaves no doubt, or its surroundings make it one, or the caller is sure."""
    match = _VERSION.match(scan.text, at)
    if match and (found := _shaped(scan, match, is_sure)):
        return _with_newer(scan, *found)
    loose = _LOOSE.match(scan.text, at)
    if loose is None:
        return None
    core = loose["core"]
    if _GROUPED_HUNDREDS.fullmatch(core):
        return None
    if core.count(".") >= 2 or loose["any"]:
        return None if _is_address(scan, core, at) else _with_newer(scan, version_words(core), loose.end())
    if is_sure:
        return _with_newer(scan, version_words(core), loose.end())
    return _by_surroundings(scan, core, at, loose.end())


def _shaped(scan: Scan, match: re.Match[str], is_sure: bool) -> Said | None:
    core, tail, build = match["core"], match["tail"] or "", match["build"] or ""
    dots = core.count(".")
    if not tail and not build:
        return None
    is_stage = bool(_STAGE_AHEAD.match(tail))
    if tail and not is_stage and ((dots < 2 and not (is_sure and dots)) or re.match(r"-\d+\.\d", tail)):
        return None
    if is_stage and not dots and not (is_sure or (re.search(r"\d", tail) and tail[0] == "-")):
        return None
    if not tail and dots < 2 and not is_sure:
        return None
    return version_words(core, tail, build), match.end()


def _with_newer(scan: Scan, said: str, end: int) -> Said:
    newer = _OR_NEWER.match(scan.text, end)
    if newer and newer.group() == "+":
        said, end = said + " or newer", newer.end()
    scan.notes["version_end"], scan.notes["version_strength"] = end, 2
    upper = _UP_TO.match(scan.text, end)
    if upper and said[-1:].isalpha():
        top = version_at(scan, upper.end(), is_sure=True)
        return (f"{said} to {top[0]}", top[1]) if top else (said, end)
    return said, end


def _by_surroundings(scan: Scan, core: str, at: int, end: int) -> Said | None:
    """A number with at most one point: after a name, after a version, or after "since" in a sentence about versions."""
    if _UNIT_WORD.match(scan.text, end) or quantity_at(scan, at):
        return None
    strength = _strength(scan, at)
    has_plus = scan.text[end : end + 1] == "+" and not scan.text[end + 1 : end + 2].isalnum()
    if "." not in core:
        if strength < 2 or _YEAR.fullmatch(core) or len(core) > 4:
            return None
        if has_plus:
            return _with_newer(scan, cardinal(core), end)
        scan.notes["version_end"], scan.notes["version_strength"] = end, 2
        return core, end
    if not strength and not (has_plus and _TWO_DECIMALS.fullmatch(core)):
        return None
    if strength == 1 and _ONE_DECIMAL.fullmatch(core):
        scan.notes["version_end"], scan.notes["version_strength"] = end, 1
        return core, end
    return _with_newer(scan, version_words(core), end)


def _strength(scan: Scan, at: int) -> int:
    """2 where the number is surely a version, 1 where it is one but may as well be read as a decimal, 0 otherwise."""
    last = scan.notes.get("version_end")
    if last is not None and at - last <= 12 and _CHAIN.fullmatch(scan.text, last, at):
        return scan.notes.get("version_strength", 2)
    before = scan.before(at)
    if before.lower().endswith(("pre-", "post-")):
        return 2
    head = before.rstrip(_BETWEEN)
    match = _BACKWARDS_WORD.match(head[::-1]) if len(head) < len(before) else None
    if match is None:
        return 0
    word = match["word"][::-1]
    earlier = head[: len(head) - match.end()]
    lowered = word.lower() if word.lower() in PROGRAMS else word.lower().strip("-.")
    if lowered in VERSION_WORDS or (lowered in PROGRAMS and (lowered not in _EVERYDAY or word[0].isupper())):
        return 2
    if lowered in _WEAK:
        return int(VERSION_VERBS.search(before) is not None)
    is_name = word[0].isupper() and lowered not in _NOT_NAMES and _inside(earlier)
    return int(is_name)


_EVERYDAY = frozenset(
    words_in("""
    next swift rust go dart flutter node ruby java crystal express spring solid nest vault consul make boost edge safari
    opera arch ember backbone bootstrap piper whisper gem puma unicorn less sass black hatch nox lit steam wine metal
    unity unreal blender fish bash echo remix astro celery flask bottle arch mocha cypress rollup babel gradle caddy envoy
    helm cargo spark electron framework series branch tag track windows chrome alpine gatsby hugo pelican sphinx wheel
    poetry gecko uv r es api bun koa
""")
)
"""Names that are also English words: a version follows them only where they are written as names, inside a sentence or first."""


def _inside(earlier: str) -> bool:
    head = earlier.rstrip()
    return bool(head) and head[-1] not in ".!?"


def _is_address(scan: Scan, core: str, at: int) -> bool:
    numbers = core.split(".")
    if len(numbers) != 4 or any(number in "xX*" or int(number) > 255 for number in numbers):
        return False
    return _strength(scan, at) == 0 and numbers[0] in ("10", "127", "172", "192", "169", "224", "255", "0", "8", "1") and (
        numbers[0] not in ("0", "1", "8") or numbers[0] == numbers[1]
    )  # fmt: skip


def _version_word(scan: Scan, match: re.Match[str]) -> Said | None:
    """``v2.0.0``: "version", unless the word stands before it."""
    if not _starts_token(scan, match.start()):
        return None
    core = match["core"]
    if (match.group()[0] == "V" and "." not in core) or (len(core) > 4 and "." not in core):
        return None
    found = version_at(scan, match.end(), is_sure=True)
    if found is None:
        return None
    before = scan.before(match.start()).rstrip().lower()
    chained = scan.notes.get("version_word_end")
    has_word = before.endswith(("version", "versions"))
    if chained is not None and _CHAIN.fullmatch(scan.text, chained, match.start()) and before.endswith(("/", "–", "-")):
        has_word = False
    scan.notes["version_word_end"] = found[1]
    return ("" if has_word else "version ") + found[0], found[1]


def _starts_token(scan: Scan, at: int) -> bool:
    return not at or not (scan.text[at - 1].isalnum() or scan.text[at - 1] == "_")


def _bare(scan: Scan, match: re.Match[str]) -> Said | None:
    return version_at(scan, match.start())


def _stage_alone(scan: Scan, match: re.Match[str]) -> Said | None:
    if match.start() and (scan.text[match.start() - 1].isalnum() or scan.text[match.start() - 1] in "-_."):
        return None
    return _stage_words(match.group()), match.end()


def _suffixed(scan: Scan, match: re.Match[str]) -> Said | None:
    """``TLSv1.2``: TLS version one point two."""
    found = version_at(scan, match.end(), is_sure=True) if _starts_token(scan, match.start()) else None
    return (f"{scan.inner(match['name'])} version {found[0]}", found[1]) if found else None


def _compared(scan: Scan, match: re.Match[str]) -> Said | None:
    """``>=3.10`` three point ten or newer; before a unit "or more", before a noun "at least"."""
    at, operator = match.end(), match["op"]
    if operator in "^~" and match.start() and scan.text[match.start() - 1].isalnum():
        return None
    found = quantity_at(scan, at) or _grouped(scan.text, at)
    is_version = False
    if found is None:
        start = at + (scan.text[at] in "vV")
        is_version = True
        found = version_at(scan, start, is_sure=True)
    if found is None:
        return None
    said, end = found
    figure = scan.text[at:end]
    is_plain = figure.isdigit()
    if is_plain and operator in _LIMITS and _NOUN.match(scan.text, end) and _strength(scan, match.start()) < 2:
        return f"{_LIMITS[operator]} {said}", end
    if is_plain and operator in _RELATIONS and _VARIABLE.search(scan.before(match.start())):
        return f"{_RELATIONS[operator]} {figure}", end
    if operator == "~" and (not is_version or figure.count(".") < 2):
        return f"about {said}", end
    before, after = (_VERSIONS if is_version else _AMOUNTS).get(operator, ("", ""))
    return f"{before}{said}{after}", end


def _grouped(text: str, at: int) -> Said | None:
    """``2,000`` as it stands."""
    match = _THOUSANDS.match(text, at)
    return (match.group(), match.end()) if match else None


_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d.])")
_VARIABLE = re.compile(r"(?<!\w)[A-Za-z0-9]\s?\Z")
_RELATIONS = {">=": "at least", "≥": "at least", "<=": "at most", "≤": "at most", ">": "greater than", "<": "less than"}
_LIMITS = {">=": "at least", "≥": "at least", "<=": "at most", "≤": "at most", ">": "more than", "<": "fewer than"}
_ALIKE = {
    "<": ("below ", ""), ">": ("above ", ""), "==": ("equals ", ""), "===": ("equals ", ""), "!=": ("not ", ""),
    "≠": ("not ", ""),
    "~=": ("compatible with ", ""), "~>": ("compatible with ", ""), "^": ("compatible with ", ""), "~": ("compatible with ", ""),
    "≈": ("about ", ""), "≃": ("about ", ""),
}  # fmt: skip
_VERSIONS = {**_ALIKE, ">=": ("", " or newer"), "≥": ("", " or newer"), "<=": ("", " or older"), "≤": ("", " or older")}
_AMOUNTS = {**_ALIKE, ">=": ("", " or more"), "≥": ("", " or more"), "<=": ("", " or less"), "≤": ("", " or less")}


def _name_with_version(scan: Scan, match: re.Match[str]) -> Said | None:
    """``Python3.12``, ``nginx/1.25.3``, ``requests==2.31.0``: the name, then its version."""
    name = match["name"]
    if not _starts_token(scan, match.start()) or (match["join"] in ("", "-", "/", ":") and name.lower() not in PROGRAMS):
        return None
    if not match["join"] and "." not in scan.text[match.end() : match.end() + 4] and name.lower() != "python":
        return None
    found = version_at(scan, match.end(), is_sure=True)
    return (f"{scan.inner(name)} {found[0]}", found[1]) if found else None


RULES = (
    Rule(
        (LETTER,),
        re.compile(r"(?P<name>[A-Za-z][A-Za-z.+#-]{0,30}[A-Za-z+#])(?P<join>[/@:-]?)(?=v?\d+(?:\.\d+)*\b)"),
        _name_with_version,
        whole=True,
    ),
    Rule((LETTER,), re.compile(r"(?P<name>[A-Z]{2,8})v(?=\d{1,3}(?:\.\d{1,3}){0,2}(?!\w))"), _suffixed),
    Rule(("v", "V"), _PREFIXED, _version_word),
    Rule((DIGIT,), re.compile(r"(?=\d{1,12}(?!\d))"), _bare, plain=True),
    Rule(tuple("<>=!~^≥≤≠≈≃"), _OPERATOR, _compared),
    Rule(("-",), re.compile(rf"-(?!{_STAGE[:0]}[ab]\b){_STAGE}(?:[-.]?\d{{1,6}})?(?![\w-])", re.IGNORECASE), _stage_alone),
)
__all__ = ["RULES", "SMALL", "version_at", "version_words"]
