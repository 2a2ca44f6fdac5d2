"""What points elsewhere: issues and pull requests, commits, people, and brackets that hold nothing else."""

from __future__ import annotations

import re

from declaim.speech.english.numbers import SMALL
from declaim.speech.english.wordlist import words_in
from declaim.speech.rules import DIGIT, LETTER, Rule, Said, word_rule
from declaim.speech.scan import Scan

_HASH = r"(?=[0-9]{0,39}[a-f])(?=[a-f]{0,39}[0-9])[0-9a-f]{7,40}"
_REPOSITORY = r"(?:[A-Za-z0-9][\w.-]{0,38}/)?[\w.-]{0,60}"
_ADDRESS = r"https?://[^\s<>()\[\]\"]{1,1000}"
_POINTER_ADDRESS = (
    r"https?://[^\s<>()\[\]\"]{1,200}/(?:pull|pulls|issues|merge_requests|commits?|compare|discussions)/[^\s<>()\[\]\"]{1,200}"
)
_HANDLE = r"@[A-Za-z0-9](?:[\w-]{0,38})(?:\[bot\])?"
_NUMBER = r"(?:(?:[A-Za-z0-9][\w.-]{0,38}/)?[A-Za-z0-9][\w.-]{0,60})?#\d{1,9}|\bGH-\d{1,9}|(?<!\w)!\d{2,9}"
_NUMBERS = rf"(?:{_NUMBER})(?:\s?(?:,|;|/|&|\+|and|or|,\sand)\s?(?:{_NUMBER})){{0,30}}"
_CLOSES = (
    r"clos(?:e|es|ed|ing)|fix(?:es|ed|ing)?|resolv(?:e|es|ed|ing)|see(?:\salso)?|revert(?:s|ed)?|reopen(?:s|ed)?|address(?:es|ed)?|"
    r"implement(?:s|ed)?|refs?|references|related\sto|relates\sto|duplicate\sof|supersedes?|replaces?|part\sof|follow-?up\sto|"
    r"issues?|bugs?|tickets?|pull\srequests?|prs?|discussions?|number|regression\sof|merge[sd]?|like|than|for|of|as|to|and|or"
)
_CREDITS = words_in("""
    by via cc co contributed reported suggested mentioned found spotted requested submitted discovered provided thanks thank
    credit credits courtesy from h
""")
_PLACES = words_in("in via from per by at")

_END = r"(?=\s*[.!]?\s*\Z|\s*[.!;]\s+[A-Z])"
_CREDIT = re.compile(
    rf"(?:[(\[]\s?)?(?P<lead>(?:co-?authored-by:?|(?:contribut|report|suggest|mention|spott|request|submitt|discover|provid)ed\sby:?|found\sby:?|thanks(?:\sto)?:?|thank\syou,?|"
    rf"credits?(?:\sto|\sgoes\sto)?:?|courtesy\sof|h/t|cc|via|by|from)\s)(?P<who>{_HANDLE}(?:\s?(?:,|and|&|,\sand)\s?{_HANDLE}){{0,30}})"
    rf"(?:\s(?:in|via|for|with|on)\s(?:{_ADDRESS}|{_NUMBERS})|\s\((?:{_ADDRESS}|{_NUMBERS})\))?(?:\s?[)\]])?!?{_END}",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(
    r"(?:in|via|from|at)\shttps?://[^\s/]{1,100}/[^\s/]{1,100}/[^\s/]{1,100}/(?:-/)?(?:pull|pulls|issues|merge_requests|commit)/\w{1,40}"
    rf"{_END}",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"(?P<open>[(\[])(?P<inner>[^()\[\]\n]{1,300}(?:\[(?:bot|#?\w{1,40})\][^()\[\]\n]{0,200}){0,5})[)\]]")
_TOKEN = re.compile(
    rf"{_POINTER_ADDRESS}|{_HANDLE}|{_NUMBER}|\b[0-9a-f]{{7,40}}\b|\b(?:{_CLOSES}|by|in|thanks|via|commits?|from|with|cc|pull|request|gh)\b|[\s,;:&/+.·|!-]",
    re.IGNORECASE,
)
_POINTS = re.compile(rf"#\d|@\w|\bGH-\d|!\d|(?<![\w]){_HASH}(?!\w)|{_POINTER_ADDRESS}")
_FOOTNOTE = re.compile(r"\s?\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,5}\s?")
_REFERENCES = re.compile(
    rf"(?P<list>{_NUMBERS})(?![\w#])(?P<tail>{_END})?",
    re.IGNORECASE,
)
_DANGLING = re.compile(rf"(?:in|via|from|per|by|at)\s(?:(?:PR|pull\srequest|MR|commit|issue)s?\s)?(?:{_NUMBERS}|{_HASH}){_END}")
_SAID_AFTER = re.compile(rf"\b(?:{_CLOSES}):?\s?\Z", re.IGNORECASE)
_COMMIT = re.compile(rf"(?:(?:commits?\s)?{_HASH}(?:(?:,\s?|\sand\s){_HASH}){{0,10}})(?![\w/]|[.-]\w)")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])")
_BARE_END = re.compile(rf"{_HANDLE}(?:,?\s{_HANDLE}){{0,10}}{_END}")
_PERSON = re.compile(r"@(?P<name>[A-Za-z0-9][\w-]{0,60})(?:\[bot\])?(?P<package>(?:/[\w.-]{1,60}){0,4})")


def _is_pointer(inner: str) -> bool:
    """Whether a bracket holds references, hashes, people and the words around them, and nothing else."""
    return bool(_POINTS.search(inner)) and not _TOKEN.sub("", inner).strip()


def _bracket(scan: Scan, match: re.Match[str]) -> Said | None:
    inner = match["inner"]
    is_footnote = match["open"] == "[" and not scan.is_code and _FOOTNOTE.fullmatch(inner)
    return ("", match.end()) if is_footnote or _is_pointer(inner) else None


def _credit(scan: Scan, match: re.Match[str]) -> Said | None:
    if not _starts_word(scan, match.start()) or (
        not match.start() and scan.begins and match.end() >= len(scan.text.rstrip(" .!"))
    ):
        return None
    if len(scan.text[: match.start()].split()) < 2 and scan.begins:
        return None
    if match["lead"].lower().strip() == "from" and not re.search(r"\bin\s|#", match.group()):
        return None
    return "", match.end()


def _silent_end(scan: Scan, match: re.Match[str]) -> Said | None:
    return ("", match.end()) if _starts_word(scan, match.start()) and match.start() else None


def _references(scan: Scan, match: re.Match[str]) -> Said | None:
    if not _starts_word(scan, match.start()) or re.match(r"[A-Za-z]#", match["list"]):
        return None
    before = scan.before(match.start(), 40)
    is_said = _SAID_AFTER.search(before) or not re.search(r"\w", before) or match["tail"] is None
    if not is_said:
        return "", match.end()
    end = match.end()
    said = re.sub(_NUMBER, lambda one: _number_words(scan, one.group(), before), match["list"], flags=re.IGNORECASE)
    return re.sub(r"\s?(?:&|\+|/)\s?", " and ", said), end


def _number_words(scan: Scan, reference: str, before: str) -> str:
    repository, _, digits = reference.rpartition("#") if "#" in reference else ("", "", reference.lstrip("GHgh-!"))
    name = scan.inner(repository.rpartition("/")[2], is_code=True) + " " if repository else ""
    number = SMALL[int(digits)] if len(digits) < 3 else digits
    return f"{name}{'' if before.lower().endswith('number ') else 'number '}{number}"


def _commit(scan: Scan, match: re.Match[str]) -> Said | None:
    return ("", match.end()) if _starts_word(scan, match.start()) else None


def _handles_at_end(scan: Scan, match: re.Match[str]) -> Said | None:
    before = scan.before(match.start(), 4)
    return ("", match.end()) if re.search(r"(?:[-–—,;:]|\))\s\Z", before) else None


def _person(scan: Scan, match: re.Match[str]) -> Said | None:
    if not _starts_word(scan, match.start()):
        return None
    return scan.inner((match["name"] + match["package"]).replace("/", " "), is_code=True), match.end()


def _starts_word(scan: Scan, at: int) -> bool:
    return not at or not (scan.text[at - 1].isalnum() or scan.text[at - 1] in "_@#/")


def _code_hash(scan: Scan, match: re.Match[str]) -> Said | None:
    return "", match.end()


def _number_in_code(scan: Scan, match: re.Match[str]) -> Said | None:
    return f"number {match.group()[1:]}", match.end()


RULES = (
    Rule(("(", "["), _BRACKET, _bracket),
    Rule(("(", "["), _CREDIT, _credit, whole=True, needs="@"),
    word_rule(_CREDITS, _CREDIT, _credit, needs="@"),
    word_rule(_PLACES, _IN_ADDRESS, _silent_end, needs="/"),
    word_rule(_PLACES, _DANGLING, _silent_end, needs="#0"),
    Rule((LETTER,), _REFERENCES, _references, whole=True, needs="#-"),
    Rule(("#", "!"), _REFERENCES, _references),
    word_rule(("commit", "commits"), _COMMIT, _commit),
    Rule(tuple("abcdef"), _COMMIT, _commit, whole=True),
    Rule((DIGIT,), _COMMIT, _commit),
    Rule((DIGIT, *"abcdefABCDEF"), _UUID, _commit, whole=True, needs="-"),
    Rule(("@",), _BARE_END, _handles_at_end),
    Rule(("@",), _PERSON, _person),
)
CODE_RULES = (
    Rule((LETTER,), re.compile(rf"\A{_HASH}\Z"), _code_hash),
    Rule((DIGIT,), re.compile(rf"\A{_HASH}\Z"), _code_hash),
    Rule(("#",), re.compile(r"#\d{1,9}(?!\w)"), _number_in_code),
    Rule(("@",), _PERSON, _person),
)
