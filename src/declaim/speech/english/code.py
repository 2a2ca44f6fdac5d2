"""Inline code, identifiers, options, paths and shortcuts."""

from __future__ import annotations

import re
import string

from declaim.speech.english.names import ACRONYMS, KEY_SIGNS, KEYS
from declaim.speech.english.numbers import cardinal
from declaim.speech.english.wordlist import words_in
from declaim.speech.markup import CODE_CLOSE, CODE_OPEN
from declaim.speech.rules import DIGIT, LETTER, Rule, Said, word_rule
from declaim.speech.scan import Scan

_MODIFIERS = words_in("ctrl control ctl cmd command alt shift option opt meta super win windows fn hyper mod")
_SPLIT = re.compile(r"[A-Z]{2,}(?=s(?![a-z]))s|[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_RUN = re.compile(r"[^\W_]+")
_INNER_DOT = re.compile(r"\.(?=\w)")
_FLAG_FOLLOWS = re.compile(
    rf"[{CODE_CLOSE})\"']{{0,2}}\s+(?:(?:command|CLI)[- ]?(?:line)?\s+)?(?:(?:flag|option|argument|parameter)s?|switch(?:es)?)\b",
    re.IGNORECASE,
)
_FLAG_BEFORE = re.compile(rf"\b(?:flag|option|switch|argument|parameter)\s[{CODE_OPEN}(\"']{{0,2}}\Z", re.IGNORECASE)
_OPTION = re.compile(
    r"(?:--?[A-Za-z][\w-]{0,80}|-\d)(?P<dotted>(?:\.[\w-]{1,60}){0,4})(?:=(?P<value>[^\s,;)\]]{1,100}))?(?<![-.])"
)
_WARNING = re.compile(r"W[a-z]")
_COMPILER_OPTION = re.compile(r"W[a-z][\w-]{2,60}|[jO]\d{1,3}|O(?:s|z|fast)")
_ONLY_OPTION = re.compile(r"\s*(?P<option>-{1,2}[A-Za-z][\w.-]{0,80}(?:=[^\s]{1,100})?)(?:\s(?:<[\w-]{1,40}>|[A-Z_]{2,20}))?\s*")
_SPAN = re.compile(rf"{CODE_OPEN}([^{CODE_OPEN}{CODE_CLOSE}]{{0,500}}){CODE_CLOSE}")
_FIGURES = re.compile(r"\d[\d.]{0,20}")
_GLOB = re.compile(r"\*\.(?P<ending>\w{1,12})(?!\w)")
_DIRECTORIES = frozenset(
    words_in("""
    src lib libs docs doc test tests bin etc usr var opt home app apps pkg packages public static assets scripts config
    configs build dist node_modules vendor cmd internal examples example include resources tools .github .vscode ci deploy
    components pages api utils plugins modules core target spec specs templates migrations
""")
)
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}\Z")
_ROOTED = re.compile(
    r"(?:~[\w-]{0,30}|\.{1,2}|\$\{?[A-Za-z_]\w{0,40}\}?|%\w{1,40}%|[A-Za-z]:(?=\\|/(?!/)))?(?:[/\\]{1,2}[\w.@+~$%{}*:<>-]{1,200}){1,40}[/\\]?|~/|[A-Za-z]:\\"
)
_RELATIVE = re.compile(r"(?:[\w.@+*-]{1,100}[/]){1,40}[\w.@+*{}-]{0,100}|(?:[\w.@+*-]{1,100}\\){1,40}[\w.@+*-]{1,100}")
_CALL = re.compile(r"[A-Za-z_$][\w$]{0,100}(?:(?:\.|::|->|#|\\)[A-Za-z_$][\w$]{0,100}){0,20}\(\)")
_MEMBER = re.compile(r"[A-Za-z_$]\w{0,100}(?:\[\])?(?:(?:::|->)~?[A-Za-z_]\w{0,100}){1,20}(?!\w)")
_DOTTED = re.compile(r"(?P<head>[A-Za-z_][\w-]{0,100})(?P<rest>(?:\.[A-Za-z_][\w-]{0,100}){1,20})(?![\w/@])")
_DOTFILE = re.compile(r"\.[a-z][\w-]{1,60}(?:\.[\w-]{1,60}){0,4}(?!\w)")
_SNAKE = re.compile(r"_{0,3}[^\W_]++(?:_++[^\W_]++)++_*+|__[^\W_]++__(?!\w)")
_CAMEL = re.compile(r"[a-z]{2,40}(?:[A-Z][a-z0-9]{1,40}){1,10}(?![\w])")
_PASCAL = re.compile(r"[A-Z](?=[A-Za-z]{0,40}[a-z]{2})[A-Za-z]{5,60}(?!\w)")
_CLASS_ENDINGS = frozenset(
    words_in("""
    error exception warning interrupt handler request response client server manager factory controller provider component
    config options settings loader parser builder context listener adapter iterator middleware serializer validator renderer
    formatter exporter importer wrapper decorator reader writer resolver registry scheduler executor descriptor interface
""")
)
_FILE_ENDINGS = frozenset(["c", "h", "r", "d", "s", "m", "f", "v"])


def words_of(scan: Scan, identifier: str) -> str:
    """The words of a name: ``useEffect`` use effect, ``MAX_SIZE`` max size, ``parseURL`` parse URL, ``app.py`` app dot py."""
    whole = scan.lexicon.say_word(identifier)
    if whole is not None:
        return whole
    parts = [_part_words(scan, part) for part in _INNER_DOT.split(identifier.strip("."))]
    said = " dot ".join(filter(None, parts))
    return f"dot {said}" if identifier.startswith(".") and re.match(r"\.\w", identifier) else said


def _part_words(scan: Scan, part: str) -> str:
    whole = scan.lexicon.say_word(part)
    if whole is not None:
        return whole
    said = []
    for run in _RUN.findall(part):
        spoken = scan.lexicon.say_word(run)
        said += [spoken] if spoken is not None else [_word(scan, word) for word in _SPLIT.findall(run)]
    return " ".join(said)


def _word(scan: Scan, word: str) -> str:
    """One word of a name, in small letters unless it is said letter by letter."""
    spoken = scan.lexicon.say_word(word)
    if spoken is not None:
        return spoken
    if word.isdigit():
        return cardinal(word) if len(word) < 3 or word[0] != "0" else " ".join(word)
    if len(word) == 1:
        return word.upper() if scan.text == word else word
    if word.lower() in ACRONYMS or (word.isupper() and not re.search("[AEIOUY]", word)):
        return word.upper()
    return word.lower()


def _span(scan: Scan, match: re.Match[str]) -> Said | None:
    """Code by itself. An option that is all of it is followed by what the sentence says behind it."""
    inner = match.group(1).strip()
    if _FIGURES.fullmatch(inner) and (figures := scan.as_prose(match.start(), inner, match.end())) is not None:
        return figures, match.end()
    option = _ONLY_OPTION.fullmatch(inner)
    if option and scan.lexicon.say_word(inner) is None:
        is_named = _FLAG_FOLLOWS.match(scan.text, match.end()) or _FLAG_BEFORE.search(scan.before(match.start()))
        return _option_words(scan, option["option"]) + ("" if is_named else " flag"), match.end()
    notes = {"flag_follows": 1} if _FLAG_FOLLOWS.match(scan.text, match.end()) else None
    return " ".join(scan.inner(inner, is_code=True, notes=notes).split()), match.end()


def _option_words(scan: Scan, option: str) -> str:
    name, _, value = option.lstrip("-").partition("=")
    is_warning = not option.startswith("--") and _WARNING.match(name)
    said = name if len(name) == 1 else f"W {words_of(scan, name[1:])}" if is_warning else words_of(scan, name)
    return " ".join(filter(None, [said, words_of(scan, value.strip("\"'<>{}[]")) if value else ""]))


def _option(scan: Scan, match: re.Match[str]) -> Said | None:
    before = scan.text[match.start() - 1 : match.start()]
    if before and not (before.isspace() or before in f"([{{\"'/,|{CODE_OPEN}"):
        return None
    option = match.group()
    is_short = not option.startswith("--")
    name = option.lstrip("-").partition("=")[0]
    is_known = scan.is_code or match["value"] or _COMPILER_OPTION.fullmatch(name)
    if is_short and (name.isdigit() or (len(name) > 1 and not is_known)):
        return None
    at_end = not scan.text[match.end() :].strip()
    is_named = bool(_FLAG_FOLLOWS.match(scan.text, match.end())) or (at_end and "flag_follows" in scan.notes)
    has_more = re.match(r"(?:/|,\s|\s\|\s)--?[A-Za-z]", scan.text[match.end() :])
    if has_more:
        return _option_words(scan, option) + " or ", match.end() + len(has_more.group().rstrip("-" + string.ascii_letters))
    is_named = is_named or bool(_FLAG_BEFORE.search(scan.before(match.start())))
    return _option_words(scan, option) + ("" if is_named else " flag"), match.end()


def _rooted(scan: Scan, match: re.Match[str]) -> Said | None:
    before = scan.text[match.start() - 1 : match.start()]
    if before and (before.isalnum() or before in "_/\\.:<>)]}*&"):
        return None
    return _last_part(scan, match)


def _last_part(scan: Scan, match: re.Match[str]) -> Said | None:
    path = match.group()
    trimmed = path.rstrip(".,:;*") if not path.endswith("/*") else path
    parts = [part for part in re.split(r"[/\\]+", trimmed) if part.strip("*.")]
    if not parts:
        return ("home" if path.startswith("~") else "", match.end()) if path != "/" else None
    last = re.sub(r":\d{1,6}(?::\d{1,6})?\Z", "", parts[-1])
    if re.fullmatch(r"~|\$?\{?\w+\}?|[A-Za-z]:", last) and len(parts) == 1:
        said = "home" if last == "~" else words_of(scan, last.strip("${}:"))
    else:
        said = ("star " if last.startswith("*") else "") + words_of(scan, last.strip("*$%{}<>~:"))
    return said, match.start() + len(trimmed)


def _relative(scan: Scan, match: re.Match[str]) -> Said | None:
    """``src/app/main.py``; "and/or" is not a path."""
    path = match.group()
    if not _starts(scan, match.start()):
        return None
    parts = path.rstrip("/.").split("/") if "/" in path else path.split("\\")
    has_extension = bool(_EXTENSION.search(path.rstrip("."))) and len(parts) > 1
    is_folder = path.endswith("/") and parts[0].lower() not in ("w", "and", "or")
    known = parts[0].lower() in _DIRECTORIES and (len(parts) > 2 or scan.is_code)
    is_long = len(parts) > 3 or (scan.is_code and len(parts) > 2)
    if not (has_extension or is_folder or known or is_long) or not re.search("[A-Za-z]", parts[-1]):
        return None
    return _last_part(scan, match)


def _starts(scan: Scan, at: int) -> bool:
    return not at or not (scan.text[at - 1].isalnum() or scan.text[at - 1] in "_/\\@")


def _name(scan: Scan, match: re.Match[str]) -> Said | None:
    if not _starts(scan, match.start()) or not re.search("[A-Za-z]", match.group()):
        return None
    return re.sub(r"\s+", " ", _member_words(scan, match.group())), match.end()


def _member_words(scan: Scan, name: str) -> str:
    return " ".join(words_of(scan, part) for part in re.split(r"::|->|#|\\|\(\)|\[\]", name) if part)


def _dotted(scan: Scan, match: re.Match[str]) -> Said | None:
    """``app.config.debug``, ``package.json``; not the end of one sentence stuck to the next."""
    parts = [match["head"], *match["rest"][1:].split(".")]
    if not _starts(scan, match.start()):
        return None
    if any(len(part) < 2 for part in parts[:-1]) or (len(parts[-1]) < 2 and parts[-1] not in _FILE_ENDINGS):
        return None
    if any(part[0].isupper() and part[1:].islower() for part in parts[1:]) and not parts[0][0].isupper() and not scan.is_code:
        return None
    if parts[0].istitle() and parts[1].istitle() and len(parts) == 2 and scan.text[match.end() : match.end() + 1].isspace():
        return None
    return words_of(scan, match.group()), match.end()


def _dotfile(scan: Scan, match: re.Match[str]) -> Said | None:
    before = scan.text[match.start() - 1 : match.start()]
    return None if before and not before.isspace() and before not in "(\"'[" else (words_of(scan, match.group()), match.end())


def _class(scan: Scan, match: re.Match[str]) -> Said | None:
    """``TypeError`` type error, ``HTTPServer`` HTTP server, ``GetUserById``; not names such as YouTube."""
    humps = _SPLIT.findall(match.group())
    is_class = len(humps) > 1 and humps[-1].lower() in _CLASS_ENDINGS
    is_long = len(humps) > 2 and all(len(hump) > 1 for hump in humps)
    after_acronym = (
        len(humps) == 2 and len(humps[0]) > 2 and humps[0].lower() in ACRONYMS and humps[0].isupper() and len(humps[1]) > 2
    )
    if not (is_class or is_long or after_acronym) or not _starts(scan, match.start()) or "".join(humps) != match.group():
        return None
    return words_of(scan, match.group()), match.end()


def _glob(scan: Scan, match: re.Match[str]) -> Said | None:
    return f"star {words_of(scan, '.' + match['ending'])}", match.end()


_KEY = "|".join(sorted((re.escape(key) for key in KEYS if len(key) > 1), key=len, reverse=True))
_MODIFIER = f"(?:{'|'.join(_MODIFIERS)})"
_ANY_KEY = rf"(?:{_KEY}|F\d{{1,2}}|[A-Z0-9](?!\w)|[-+,./\\=\[\];'`~←→↑↓⏎↩⌫⌦⇥⎋␣])"
_COMBINATION = re.compile(rf"{_MODIFIER}(?:\s?/\s?{_MODIFIER})?(?:\s?\+\s?{_ANY_KEY}(?!\w)){{1,6}}", re.IGNORECASE)
_HYPHENATED = re.compile(
    r"(?:ctrl|cmd|alt|shift|meta|super|control)(?:-(?:ctrl|cmd|alt|shift|meta|super)){0,3}"
    r"-(?:[A-Z0-9](?![\w-])|F\d{1,2}(?!\w)|(?:tab|enter|return|space|esc|del|delete|click|up|down|home|end|backspace)(?!\w))",
    re.IGNORECASE,
)
_SIGNS = re.compile(
    rf"[{''.join(KEY_SIGNS)}](?:\s?\+?\s?(?:[{''.join(KEY_SIGNS)}]|{_ANY_KEY}(?!\w)|[A-Za-z0-9](?!\w))){{0,6}}", re.IGNORECASE
)


def _keys(scan: Scan, match: re.Match[str]) -> Said | None:
    if not _starts(scan, match.start()):
        return None
    combination = match.group()
    first, slash, rest = combination.partition("/") if re.match(r"\w+\s?/", combination) else ("", "", combination)
    found = re.findall(rf"[{''.join(KEY_SIGNS)}]|[^\s+\-{''.join(KEY_SIGNS)}]+|(?<=[+\-])[+\-]", rest)
    said = " ".join(_key(scan, key) for key in found)
    return (f"{_key(scan, first.strip())} or {said}" if slash else said), match.end()


def _key(scan: Scan, key: str) -> str:
    spoken = scan.lexicon.say_word(key) if len(key) > 1 and key.lower() not in KEYS else None
    if spoken is not None:
        return spoken
    return KEY_SIGNS.get(key) or KEYS.get(key.lower()) or re.sub(r"(?<=F)(?=\d)", " ", key.upper())


def _identifier(scan: Scan, match: re.Match[str]) -> Said | None:
    return re.sub(r"\s+", " ", _member_words(scan, match.group())), match.end()


def _decimal_in_code(scan: Scan, match: re.Match[str]) -> Said | None:
    return match.group(), match.end()


def _dot(scan: Scan, match: re.Match[str]) -> Said | None:
    return "dot", match.end()


def _comma(_scan: Scan, match: re.Match[str]) -> Said:
    return ",", match.end()


def _nothing(_scan: Scan, match: re.Match[str]) -> Said:
    return "", match.end()


def _operator(scan: Scan, match: re.Match[str]) -> Said | None:
    return _OPERATORS.get(match.group(), ""), match.end()


_OPERATORS = {
    "==": "equals", "===": "equals", "!=": "not equal to", "!==": "not equal to", ">=": "at least", "<=": "at most", "&&": "and",
    "||": "or", "=>": "to", "->": "to", "=": "equals", "+": "plus", "*": "star", "%": "percent", "+=": "plus equals", "|": "pipe",
    "??": "or", ":=": "equals", "++": "plus plus", ">": "greater than", "<": "less than", "&": "and", "..": "to",
    "@": "at",
}  # fmt: skip
_SPACED_OPERATOR = re.compile(
    r"(?<=\s)(?:===?|!==?|[<>+:]=|&&|\|\||=>|->|\?\?|\+\+|[=+*%|<>&])(?=\s)|(?<=\w)(?:===?|!==?|[<>+]?=|&&|\|\||=>)(?=[\w\"\'])|\*(?=\s|\Z|,)|(?<=\w)[+&](?=\w)"
)
_SILENT = re.compile(r"[^\w\s]|_")
_NAME_IN_CODE = re.compile(r"[A-Za-z_$][\w$]{0,200}(?:(?:->|::)[A-Za-z_]\w{0,100}){0,10}|[^\W\d_]\w{0,200}")

SPAN_RULES = (Rule((CODE_OPEN,), _SPAN, _span),)
RULES = (
    word_rule(_MODIFIERS, _COMBINATION, _keys, needs="+"),
    word_rule(_MODIFIERS, _HYPHENATED, _keys, needs="-"),
    Rule(tuple(KEY_SIGNS), _SIGNS, _keys),
    Rule(("-",), _OPTION, _option),
    Rule((LETTER, "~", "/", ".", "$", "%"), _ROOTED, _rooted, whole=True, needs="/\\"),
    Rule((LETTER, "*", ".", "_"), _RELATIVE, _relative, whole=True, needs="/\\"),
    Rule((LETTER, "_", "$"), _CALL, _name, whole=True, needs="("),
    Rule((LETTER, "_"), _MEMBER, _name, whole=True, needs=":>"),
    Rule((LETTER, "_"), _DOTTED, _dotted, whole=True),
    Rule((".",), _DOTFILE, _dotfile),
    Rule(("*",), _GLOB, _glob),
    Rule((LETTER, "_"), _SNAKE, _name, whole=True, needs="_"),
    Rule((LETTER,), _CAMEL, _name, whole=True),
    Rule(tuple(string.ascii_uppercase), _PASCAL, _class, whole=True),
)
_SIGN_CHARS = tuple("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~…")
IDENTIFIER_RULES = (
    Rule((LETTER, "_", "$"), _NAME_IN_CODE, _identifier, plain=True),
    Rule((DIGIT,), re.compile(r"\d{1,15}\.\d{1,15}(?![.\w])"), _decimal_in_code, plain=True),
    Rule((".",), re.compile(r"\.(?=\w)"), _dot),
    Rule(_SIGN_CHARS, _SPACED_OPERATOR, _operator),
    Rule((",",), re.compile(","), _comma),
    Rule(_SIGN_CHARS, _SILENT, _nothing),
)
