"""Units, multiples, magnitudes, money and ranges."""

from __future__ import annotations

import re

from declaim.speech.english.numbers import SMALL, cardinal, decimal
from declaim.speech.english.units import COUNTED, MAGNITUDES, MONEY, ONLY_ATTACHED, PER, UNITS
from declaim.speech.rules import DIGIT, LETTER, Rule, Said
from declaim.speech.scan import Scan

NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,6}(?!\d)|\d{1,15})(?:\.\d{1,12}(?![.\d]))?"


def _alternatives(words: dict[str, object] | dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_RANGE = rf"(?P<n>{NUMBER})(?:\s?(?:-|–|—|\.\.\.?|…|to)\s?(?P<to>{NUMBER}))?"
_UNITS: dict[str, object] = dict(UNITS)
_RATE = rf"(?:/(?P<per>{_alternatives(PER)})|(?P<persec>ps\b))?"
_QUANTITY = re.compile(rf"{_RANGE}(?P<gap>[ \xa0\u202f]|-)?(?P<unit>{_alternatives(_UNITS)}){_RATE}(?![\w%°])")
_EACH = re.compile(rf"(?P<n>{NUMBER})(?P<unit1>{_alternatives(_UNITS)})\s?[-–—]\s?(?P<to>{NUMBER})\s?(?P=unit1){_RATE}(?![\w%°])")
_MAGNITUDE = re.compile(rf"{_RANGE}(?P<mag>k|K|M|B|T|bn)(?:/(?P<per>{_alternatives(PER)}))?(?!\w)")
_COUNTED = re.compile(rf"{_RANGE}(?P<mag>k|K|M)?\s?(?P<what>{_alternatives(COUNTED)})/(?P<per>{_alternatives(PER)})(?!\w)")
_MORE_SO = "faster|slower|smaller|larger|bigger|more|less|fewer|better|higher|lower"
_TIMES = re.compile(rf"{_RANGE}(?:[xX×](?!\w)|\s[x×](?=\s(?:{_MORE_SO})\b))")
_BY = re.compile(
    rf"(?P<n>{NUMBER})\s?[x×]\s?(?P<by>{NUMBER})(?:\s?[x×]\s?(?P<by2>{NUMBER}))?(?P<gap>[ ]?)(?P<unit>px|mm|cm|m|dpi)?(?!\w)"
)
_DURATION = re.compile(r"(?=\d+[hm]\d)(?:(?P<h>\d{1,3})h)?(?:(?P<m>\d{1,3})m(?:in)?)?(?:(?P<s>\d{1,3})s)?(?!\w)")
_GROUPED = re.compile(r"\d{1,3}(?:_\d{3}){1,5}(?!\w)")
_PLUS = re.compile(rf"(?P<n>{NUMBER})\+(?![\w+])")
_MORE = re.compile(r"\+(?![\w+])")
_WORDS_OF_MAGNITUDE = r"(?:\s(?P<word>thousand|million|billion|trillion)\b)?"
_CURRENCY = "".join(map(re.escape, MONEY))
_MONEY = re.compile(
    rf"(?P<country>US|CA|AU|NZ|HK|SG|A|C)?(?P<sign>[{_CURRENCY}])\s?(?P<n>{NUMBER})(?:(?P<first>k|K|M|B)?\s?[-–—]\s?[{_CURRENCY}]?(?P<to>{NUMBER}))?"
    rf"(?P<mag>k|K|M|m|B|bn|T)?(?!\w){_WORDS_OF_MAGNITUDE}(?P<pers>(?:\s?/\s?[A-Za-z]{{1,12}}\b){{0,2}})"
)
_MONEY_AFTER = re.compile(
    rf"(?P<n>{NUMBER})(?P<mag>k|K|M|m|B|bn|T)?\s?(?P<sign>[€£₽₴₺]|\$(?![\w{{(]))(?P<pers>(?:\s?/\s?[A-Za-z]{{1,12}}\b){{0,2}})(?!\w)"
)
_COUNTRIES = {"US": "U S ", "CA": "Canadian ", "C": "Canadian ", "AU": "Australian ", "A": "Australian ", "NZ": "New Zealand ",
              "HK": "Hong Kong ", "SG": "Singapore "}  # fmt: skip
_PERCENTILE = re.compile(r"[pP](?P<n>\d{2,3})(?:\.(?P<f>\d{1,3}))?(?![\w])")
_SIGNED = re.compile(r"(?P<sign>[-−+±])\s?(?=\d|[$€£¥])")
_DECADE = re.compile(r"(?:1[5-9]|20)?\d0s(?![\w/])")
_DECADE_BEFORE = re.compile(r"(?:(?:\b(?:the|early|late|mid|their|his|her|my|our)[\s-]|['’])\d0s|(?:1[5-9]|20)\d0s)\Z")
_BYTE_COUNTS = frozenset(str(2**power) for power in range(3, 24)) | {"100", "200", "500", "1000", "0", "1"}


_COUNTED_IN_BILLIONS = re.compile(
    r"\s(?:param|model|user|token|row|record|people|view|download|request|message|event|star|weight|point|edge|vector|word|page)"
)
_SCIENTIFIC = re.compile(r"(?P<n>\d{1,4}(?:\.\d{1,12})?)[eE](?P<sign>[-+−]?)(?P<power>\d{1,3})(?!\w|\.\d)")
_RATIO = re.compile(r"(?P<n>\d{1,3}):(?P<to>\d)(?![\d:.])|(?P<n2>\d{1,3}):(?P<to2>\d{1,3})(?=[ ](?:ratio|aspect|scale|split)\b)")
_TO = re.compile(
    r"(?P<n>\d{1,4})(?:\s?–\s?(?P<to>\d{1,4})(?![\w–-]|[.:]\d)|-(?P<to2>\d{1,4})(?=[ ](?:seconds?|minutes?|hours?|days?"
    r"|weeks?|months?|years?"
    r"|times|people|users|items|pages|lines|points|steps|files|servers|nodes|characters|words|players|requests|tests|cores|workers"
    r"|business|working|calendar)\b))"
)
_NAMED = re.compile(r"(?:\b(?!The|An?|In|At|With|From|Use|For|And|Or|Is|Now)[A-Z][a-z]+\s|[-–\w])\Z")


_BARE = re.compile(rf"{NUMBER}(?:[,.;:!?)\]\"'”’]+(?=\s|\Z)|\Z|[ ](?P<next>[A-Za-z]++)(?![\w/%°²³·]))")
_FOLLOWERS = frozenset(
    {"to", "x", "k", "K", "M", "B", "T", "bn", "h", "m", "s"}
    | {first.group() for word in (*UNITS, *COUNTED) if (first := re.match("[A-Za-z]+", word))}
)
"""What may follow a number in one of the forms; before any other word it is a bare number."""


def _is_bare(text: str, at: int) -> bool:
    match = _BARE.match(text, at)
    return match is not None and match["next"] not in _FOLLOWERS


def quantity_at(scan: Scan, at: int) -> Said | None:
    """A number with its unit, magnitude, multiple or currency at this offset."""
    text = scan.text
    if text[at : at + 1] and text[at] not in "0123456789":
        match = _MONEY.match(text, at)
        return _money(match) if match else None
    if scan.notes.get("no_quantity") == at or _is_bare(text, at):
        return None
    decade = _DECADE.match(text, at)
    if decade and _DECADE_BEFORE.search(text[max(0, at - 12) : decade.end()]):
        return None
    for pattern, say in _FORMS:
        match = pattern.match(text, at)
        said = say(match) if match else None
        if match and said:
            return _with_more(text, said, match.end())
    scan.notes["no_quantity"] = at
    return None


def _with_more(text: str, said: str, end: int) -> Said:
    more = _MORE.match(text, end)
    return (f"{said} plus", more.end()) if more else (said, end)


def _figures(match: re.Match[str]) -> str:
    named = match.groupdict()
    said = decimal(match["n"])
    return f"{said} to {decimal(named['to'])}" if named.get("to") else said


def _last(match: re.Match[str]) -> str:
    return match.groupdict().get("to") or match["n"]


def _quantity(match: re.Match[str]) -> str | None:
    unit, gap, number = match["unit"], match["gap"], _last(match)
    following = match.string[match.end() : match.end() + 16]
    if unit == "d" and number in ("1", "2", "3", "4") and not following.startswith((" ago", " later")):
        return None
    if unit == "B" and not gap and _COUNTED_IN_BILLIONS.match(following):
        return None
    if (gap and unit in ONLY_ATTACHED) or (unit == "B" and number.replace(",", "") not in _BYTE_COUNTS):
        return None
    if gap == "-" and (unit in ("%", "°", "h", "s", "m", "d") or match["to"]):
        return None
    if unit == "m" and "." not in number and match["per"] == "s":
        return f"{_figures(match)} meters per second"
    if unit in ("m", "s", "h", "d", "g") and gap and match["to"] is None and "," in number:
        return None
    one, many = UNITS[unit]
    word = one if number == "1" or gap == "-" else many
    rate = " per second" if match["persec"] else f" per {PER[match['per']]}" if match["per"] else ""
    return f"{_figures(match)} {word}{rate}"


def _each(match: re.Match[str]) -> str:
    """``10ms-20ms``: the unit once."""
    one, many = UNITS[match["unit1"]]
    rate = " per second" if match["persec"] else f" per {PER[match['per']]}" if match["per"] else ""
    return f"{_figures(match)} {one if _last(match) == '1' else many}{rate}"


def _magnitude(match: re.Match[str]) -> str | None:
    if match["mag"] == "K" and match["n"] in ("2", "4", "5", "8", "16") and not match["per"]:
        return f"{SMALL[int(match['n'])]} K"
    rate = f" per {PER[match['per']]}" if match["per"] else ""
    return f"{_figures(match)} {MAGNITUDES[match['mag']]}{rate}"


def _counted(match: re.Match[str]) -> str:
    magnitude = f" {MAGNITUDES[match['mag']]}" if match["mag"] else ""
    return f"{_figures(match)}{magnitude} {COUNTED[match['what']]} per {PER[match['per']]}"


def _times(match: re.Match[str]) -> str:
    return f"{_figures(match)} times"


def _by(match: re.Match[str]) -> str:
    sides = " by ".join(decimal(side) for side in (match["n"], match["by"], match["by2"]) if side)
    unit = {"px": "pixels", "mm": "millimeters", "cm": "centimeters", "m": "meters", "dpi": "dots per inch"}.get(
        match["unit"] or ""
    )
    return f"{sides} {unit}" if unit else sides


def _plus(match: re.Match[str]) -> str:
    return f"{decimal(match['n'])} plus"


def _money(match: re.Match[str]) -> Said:
    one, many, cent, cents = MONEY[match["sign"]]
    named = match.groupdict()
    country = _COUNTRIES.get(named.get("country") or "", "")
    number, to = match["n"].replace(",", ""), named.get("to")
    magnitude = MAGNITUDES[match["mag"]] if match["mag"] else named.get("word") or ""
    whole, _, fraction = number.partition(".")
    pers = "".join(f" per {PER.get(per, per)}" for per in re.findall(r"[A-Za-z]+", match["pers"] or ""))
    if to or magnitude or len(fraction) not in (0, 2) or (not whole.strip("0") and not fraction.strip("0")):
        said = " ".join(filter(None, [_figures(match), magnitude, country + many]))
    elif not fraction.strip("0"):
        said = f"{cardinal(whole)} {country}{one if int(whole) == 1 else many}"
    elif not whole.strip("0"):
        said = f"{cardinal(fraction)} {cent if fraction == '01' else cents}"
    else:
        tail = cardinal(fraction) if fraction[0] != "0" else f"and {cardinal(fraction)} {cent if fraction == '01' else cents}"
        said = f"{cardinal(whole)} {country}{one if int(whole) == 1 else many} {tail}"
    return said + pers, match.end()


def _scientific(match: re.Match[str]) -> str:
    """``6.02e23`` six point oh two times ten to the twenty-three."""
    minus = "minus " if match["sign"] in ("-", "−") and match["sign"] else ""
    return f"{decimal(match['n'])} times ten to the {minus}{cardinal(match['power'])}"


def _ratio(match: re.Match[str]) -> str | None:
    """``16:9`` sixteen to nine; not a verse ("John 3:5"), nor a time, which has two figures behind the colon."""
    if _NAMED.search(match.string[max(0, match.start() - 30) : match.start()]):
        return None
    return f"{cardinal(match['n'] or match['n2'])} to {cardinal(match['to'] or match['to2'])}"


def _to(match: re.Match[str]) -> str | None:
    """``10–20`` ten to twenty, ``5-10 minutes`` five to ten minutes; not a score or a number of a type."""
    first, last = match["n"], match["to"] or match["to2"]
    if int(first) >= int(last) or match.string[match.start() - 1 : match.start()] in ("-", "–"):
        return None
    return f"{cardinal(first)} to {cardinal(last)}"


def _duration(match: re.Match[str]) -> str:
    parts = ((match["h"], "hour"), (match["m"], "minute"), (match["s"], "second"))
    return " ".join(f"{cardinal(number)} {unit}{'' if number == '1' else 's'}" for number, unit in parts if number)


_FORMS = (
    (_DURATION, _duration),
    (_GROUPED, lambda match: match.group().replace("_", "")),
    (_COUNTED, _counted),
    (_EACH, _each),
    (_QUANTITY, _quantity),
    (_TIMES, _times),
    (_BY, _by),
    (_MAGNITUDE, _magnitude),
    (_SCIENTIFIC, _scientific),
    (_RATIO, _ratio),
    (_TO, _to),
    (_MONEY_AFTER, lambda match: _money(match)[0]),
)


def _amount(scan: Scan, match: re.Match[str]) -> Said | None:
    at = match.start()
    if at and scan.text[at - 1] in ".,:" and at > 1 and scan.text[at - 2].isdigit():
        return None
    return quantity_at(scan, at)


def _with_plus(scan: Scan, match: re.Match[str]) -> Said | None:
    return _plus(match), match.end()


def _percentile(scan: Scan, match: re.Match[str]) -> Said | None:
    if match["n"] not in ("50", "75", "80", "90", "95", "98", "99", "100", "999"):
        return None
    number = "nine nine nine" if match["n"] == "999" else cardinal(match["n"])
    fraction = " point " + " ".join(SMALL[int(digit)] for digit in match["f"]) if match["f"] else ""
    return f"p {number}{fraction}", match.end()


def _signed(scan: Scan, match: re.Match[str]) -> Said | None:
    """``-20%`` minus twenty percent, ``-5`` minus five."""
    before = scan.text[match.start() - 1 : match.start()]
    if before and (before.isalnum() or before in "-_.,/)]"):
        return None
    found = quantity_at(scan, match.end())
    sign = match["sign"]
    if found is None:
        bare = re.compile(NUMBER).match(scan.text, match.end())
        if bare is None or match.group() != sign:
            return None
        found = (decimal(bare.group()) if sign in "+±" else bare.group(), bare.end())
    return {"-": "minus ", "−": "minus ", "+": "plus ", "±": "plus or minus "}[sign] + found[0], found[1]


def _cash(scan: Scan, match: re.Match[str]) -> Said | None:
    return _money(match)


RULES = (
    Rule((DIGIT,), re.compile(r"(?=\d)"), _amount, plain=True),
    Rule((DIGIT,), _PLUS, _with_plus),
    Rule((*MONEY, "U", "C", "A", "N", "H", "S"), _MONEY, _cash),
    Rule(("p", "P"), _PERCENTILE, _percentile),
    Rule(tuple("-−+±"), _SIGNED, _signed),
)
__all__ = ["LETTER", "NUMBER", "RULES", "quantity_at"]
