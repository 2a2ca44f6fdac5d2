"""The head of a commit, abbreviations, and signs that are words or nothing."""

from __future__ import annotations

import re

from declaim.speech.english.code import words_of
from declaim.speech.english.wordlist import words_in
from declaim.speech.rules import DIGIT, LETTER, Rule, Said, word_rule
from declaim.speech.scan import Scan

_KINDS = (
    "feature|feat|fix|bugfix|hotfix|docs|doc|style|refactor|perf|test|tests|build|ci|chore|revert|deps|security|release|wip|types"
)
ABBREVIATIONS = {
    "e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "vs.": "versus", "vs": "versus",
    "w/": "with", "w/o": "without",
    "approx.": "approximately", "approx": "approximately", "incl.": "including", "cf.": "compare", "et al.": "and others",
    "aka": "also known as", "viz.": "namely", "wrt": "with respect to", "fig.": "figure", "figs.": "figures",
}  # fmt: skip
_HEAD = re.compile(
    rf"(?:[0-9a-f]{{7,40}}\s+)?(?P<kind>{_KINDS})(?:\((?P<scope>[^()\n]{{1,80}})\))?(?P<bang>!)?:\s+(?=\S)", re.IGNORECASE
)
_FULL_CHANGELOG = re.compile(r"Full Changelog:?\s*(?:https?://\S{1,1000}|[\w.+-]{1,60}\.{3}[\w.+-]{1,60})\s*\Z", re.IGNORECASE)
_BREAKING = re.compile(r"BREAKING[ -]CHANGES?(?=\W|\Z)")
_ABBREVIATION = re.compile(
    r"(?P<short>eg\.(?=\s)|ie\.(?=\s)|e\.\s?g\.?(?![a-z])|i\.\s?e\.?(?![a-z])|etc\.?(?![\w/])|vs\.?(?=\s|\Z)|w/o(?!\w)|w/(?=\s|\w|\Z)|figs?\.(?=\s?\d)|approx\.?(?!\w)|"
    r"incl\.|cf\.(?=\s)|et\sal\.|aka(?!\w)|viz\.|wrt(?!\w))(?P<space>\s?)",
    re.IGNORECASE,
)
_ALSO_KNOWN_AS = re.compile(r"a\.\s?k\.\s?a\.?(?!\w)", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"<(?P<words>[A-Za-z][\w .:-]{0,60}?)\s?/?>|%(?P<env>[A-Za-z_]\w{1,40})%"
    r"|\$?\{(?P<braced>[A-Za-z_][\w .:-]{0,60})\}|\$(?P<variable>[A-Za-z_]\w{0,60})"
)
_HASHTAG = re.compile(r"#(?P<word>[A-Za-z]\w{0,60})")
_COLOUR = re.compile(r"#(?P<hex>[0-9a-fA-F]{6}|[0-9a-fA-F]{8}|[0-9a-fA-F]{3})(?!\w)")
_ASSIGNED = re.compile(r"(?P<name>[A-Za-z_][\w.-]{0,60})=(?P<value>[\w.\"'/:-]{1,100})")


def _head(scan: Scan, match: re.Match[str]) -> Said | None:
    """``feat(parser)!: allow tabs`` breaking change in parser: …; the kind is silent, except that a revert is one."""
    if match.start() or not scan.begins or (match["kind"][0].isupper() and not (match["scope"] or match["bang"])):
        return None
    words = ["breaking change"] if match["bang"] else []
    nested = _HEAD.match(scan.text, match.end()) if match["kind"].lower() == "revert" else None
    if match["kind"].lower() == "revert":
        words.append("revert")
    if match["scope"]:
        words.append("in " + re.sub(r"\s+", " ", scan.inner(match["scope"].replace(",", " and "), is_code=True)).strip())
    said = " ".join(words)
    return (f"{said}: " if said else ""), nested.end() if nested else match.end()


def _silent_line(scan: Scan, match: re.Match[str]) -> Said | None:
    return ("", match.end()) if not match.start() else None


def _breaking(scan: Scan, match: re.Match[str]) -> Said | None:
    return match.group().lower().replace("-", " "), match.end()


def _abbreviation(scan: Scan, match: re.Match[str]) -> Said | None:
    if match.start() and (scan.text[match.start() - 1].isalnum() or scan.text[match.start() - 1] in "_./-@"):
        return None
    short = re.sub(r"\s", "", match["short"]).lower() if not match["short"].lower().startswith("et") else match["short"].lower()
    said = ABBREVIATIONS.get(short) or ABBREVIATIONS.get(short + ".") or ABBREVIATIONS["e.g." if short[0] == "e" else "i.e."]
    rest = scan.text[match.end() :][:2]
    ends_sentence = (
        short.endswith(".")
        and said in ("et cetera", "and others")
        and (not rest.strip() or (match["space"] and rest[0].isupper()))
    )
    if (short == "vs" and match["short"].isupper()) or match["short"] in ("W/", "I.E", "E.G"):
        return None
    is_first = match["short"][0].isupper()
    said = said[0].upper() + said[1:] if is_first else said
    return said + ("." if ends_sentence else "") + match["space"], match.end()


def _also_known_as(scan: Scan, match: re.Match[str]) -> Said | None:
    before = scan.text[match.start() - 1 : match.start()]
    return None if before and (before.isalnum() or before in "_./-@") else ("also known as", match.end())


def _placeholder(scan: Scan, match: re.Match[str]) -> Said | None:
    words = match["words"] or match["braced"] or match["variable"] or match["env"]
    return scan.inner(words, is_code=" " not in words), match.end()


def _hashtag(scan: Scan, match: re.Match[str]) -> Said | None:
    before = scan.text[match.start() - 1 : match.start()]
    return None if before.isalnum() else (words_of(scan, match["word"]), match.end())


def _colour(scan: Scan, match: re.Match[str]) -> Said | None:
    if len(match["hex"]) == 3 and len(set(match["hex"].lower())) == 1 and match["hex"].isalpha():
        return "hex " + " ".join(match["hex"].upper()), match.end()
    has_both = (re.search(r"\d", match["hex"]) and re.search("[a-fA-F]", match["hex"])) or len(match["hex"]) == 6
    return ("hex " + " ".join(match["hex"].upper()), match.end()) if has_both and not match["hex"].isdigit() else None


def _assigned(scan: Scan, match: re.Match[str]) -> Said | None:
    if match.start() and (scan.text[match.start() - 1].isalnum() or scan.text[match.start() - 1] in "-_/&?"):
        return None
    value = match["value"].rstrip(".:").strip("\"'")
    end = match.start("value") + len(match["value"].rstrip(".:"))
    return f"{words_of(scan, match['name'])} equals {scan.inner(value, is_code=True)}", end


_ROMAN = {"½": "one half", "¼": "one quarter", "¾": "three quarters", "⅓": "one third", "⅔": "two thirds", "⅛": "one eighth"}
_SIGNS = {
    "->": "to", "-->": "to", "=>": "to", "==>": "to", "→": "to", "⇒": "to", "➜": "to", "➔": "to", "⟶": "to", "↦": "to",
    "←": "from",
    "<-": "from", "<->": "and", "↔": "and", "⇔": "and", "&&": "and", "||": "or", "==": "equals", "===": "equals",
    "!=": "not equal to",
    "!==": "not equal to", "≠": "not equal to", ">=": "at least", "≥": "at least", "<=": "at most", "≤": "at most", "~=": "about",
    "≈": "about", "≃": "about", "+/-": "plus or minus",
    "²": "squared", "³": "cubed", "+=": "plus equals", ":=": "equals", "±": "plus or minus", "×": "times", "÷": "divided by",
    "∞": "infinity", "√": "square root of", "°": "degrees", "§": "section", "¶": "", "№": "number", "µ": "micro", "::": "",
    "++": "plus plus",
    "&": "and", "=": "equals", "&c": "et cetera", "•": "", "·": "", "†": "", "‡": "", "✕": "times",
    "<<": "", ">>": "", "-=": "minus equals",
    **_ROMAN,
}  # fmt: skip
_LONG_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True)))


def _sign(scan: Scan, match: re.Match[str]) -> Said | None:
    sign = match.group()
    if (
        sign == "->"
        and re.search(r"[\w)]\Z", scan.before(match.start(), 1))
        and re.match(r"[a-z]\w*\(", scan.text[match.end() :][:40])
    ):
        return " ", match.end()
    if sign in ("->", "→", "=>", "⇒", "=", "&") and not (
        scan.before(match.start()).strip() and scan.text[match.end() :][:40].strip()
    ):
        return "", match.end()
    return _SIGNS[sign], match.end()


def _is_bracket(text: str, at: int) -> bool:
    """Whether ``<`` or ``>`` has its partner near by."""
    return ">" in text[at : at + 60] if text[at] == "<" else "<" in text[max(0, at - 60) : at]


def _single(scan: Scan, match: re.Match[str]) -> Said | None:
    """One sign: a word where a reader says one, else silence (a space between words)."""
    sign, at = match.group(), match.start()
    before, after = scan.text[at - 1 : at], scan.text[at + 1 : at + 2]
    between = before.isspace() and after.isspace()
    said = ""
    if sign == "+" and (between or (before.isalnum() and after.isalnum())):
        said = "plus"
    elif sign == "*" and ((between and scan.text[at - 2 : at - 1].isdigit()) or (before.isdigit() and after.isdigit())):
        said = "times"
    elif sign in "<>" and between:
        said = "less than" if sign == "<" else "greater than"
    elif sign == "%" and before.isalnum():
        said = "percent"
    elif sign == "@" and (between or (before.isalnum() and after.isalnum())):
        said = "at"
    elif sign == "^" and before.isalnum() and after.isalnum():
        said = "to the power of"
    elif sign in "<>" and before.isalnum() and after.isalnum() and not _is_bracket(scan.text, at):
        said = "less than" if sign == "<" else "greater than"
    elif sign == "#" and after == " " and re.match(r"# of\b", scan.text[at : at + 5]):
        said = "number"
    elif sign == "|" and between:
        said = "," if scan.text[at + 1 :].strip() and scan.text[:at].strip(" |") else ""
    elif before.isalnum() and after.isalnum():
        said = " "
    return said, match.end()


_POWER = re.compile(r"\^(?P<minus>[-−])?(?P<power>\d{1,4})(?!\w)")


def _power(scan: Scan, match: re.Match[str]) -> Said | None:
    """``10^-3`` to the power of minus 3."""
    before = scan.text[match.start() - 1 : match.start()]
    said = f"to the power of {'minus ' if match['minus'] else ''}{match['power']}"
    return (said, match.end()) if before.isalnum() or before == ")" else None


_RUN = re.compile(r"([=*~_#<>+^|])\1{3,}")


def _silent(scan: Scan, match: re.Match[str]) -> Said | None:
    return "", match.end()


CODE_RULES = (Rule(("#",), _COLOUR, _colour),)
HEAD_RULES = (
    word_rule(_KINDS.split("|"), _HEAD, _head, needs=":"),
    Rule(tuple("abcdef"), _HEAD, _head, whole=True, needs=":"),
    Rule((DIGIT,), _HEAD, _head, needs=":"),
    word_rule(("full",), _FULL_CHANGELOG, _silent_line),
    word_rule(("breaking",), _BREAKING, _breaking),
    Rule(("a", "A"), _ALSO_KNOWN_AS, _also_known_as, whole=True),
    word_rule(words_in("e i eg ie etc vs w approx incl cf et aka viz wrt fig figs"), _ABBREVIATION, _abbreviation),
)
RULES = (
    Rule((LETTER, "_"), _ASSIGNED, _assigned, whole=True, needs="="),
    Rule(("<", "{", "$", "%"), _PLACEHOLDER, _placeholder),
    Rule(tuple("=*~_#<>+^|"), _RUN, _silent),
    Rule(("#",), _COLOUR, _colour),
    Rule(("#",), _HASHTAG, _hashtag),
    Rule(("^",), _POWER, _power),
    Rule(tuple({sign[0] for sign in _SIGNS}), _LONG_SIGN, _sign),
    Rule(tuple("+*<>%@#|/~_^\\`{}\ue000\ue001"), re.compile(r"[+*<>%@#|/~_^\\`{}\ue000\ue001]"), _single),
)
