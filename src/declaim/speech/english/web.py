"""Addresses, mail, HTTP requests and statuses, CVE, RFC and the like."""

from __future__ import annotations

import re

from declaim.speech.english.code import words_of
from declaim.speech.english.names import ACRONYMS
from declaim.speech.english.numbers import SMALL, cardinal, one_by_one, pairs, year
from declaim.speech.english.versions import version_words
from declaim.speech.english.wordlist import words_in
from declaim.speech.rules import DIGIT, LETTER, Rule, Said, word_rule
from declaim.speech.scan import Scan

_METHODS = words_in("get post put patch delete head options trace connect")
_STANDARDS = words_in("rfc rfcs iso pep peps ieee bcp std ecma jep ansi eip bip")
_TLD = "com|org|net|io|dev|ai|app|co|edu|gov|me|info|sh|xyz|cloud|tech|uk|de|fr|nl|eu|us|ca|jp|ch|at|se|no|fm|tv|gg|ly|so|rs|to"
_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]{1,20}://|www\.)(?P<rest>[^\s<>\"'`\ue000\ue001]{1,2000})", re.IGNORECASE)
_HOST = re.compile(
    rf"(?P<host>(?:[A-Za-z0-9-]{{1,63}}\.){{1,5}}(?:{_TLD}))(?P<path>(?::\d{{2,5}})?/[^\s<>\"'`()\[\]]{{0,1000}})(?<![.,;:!?])"
)
_MAIL = re.compile(
    r"(?P<user>[A-Za-z0-9][\w.+-]{0,63})@(?P<host>(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24})(?!\w)(?::[\w./~-]{1,200}(?<![.]))?"
)
_LOCAL = re.compile(r"(?P<host>localhost|(?:\d{1,3}\.){3}\d{1,3})(?::(?P<port>\d{2,5}))?(?P<path>/[\w./-]{0,300})?(?!\w|\.\w)")
_LOOPBACK = re.compile(r"(?<![\w:])::1(?![\w:])")
_PORT = re.compile(r":(?P<port>\d{2,5})(?!\w)")
_REQUEST = re.compile(
    r"(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|CONNECT)\s+(?P<path>/[\w./:{}<>@$*~%-]{0,500}|https?://\S{1,1000})"
    r"(?:\?(?P<query>[\w=&%.{}:-]{1,300}))?"
)
_PROTOCOL = re.compile(r"(?P<name>HTTPS?|TLS|SSL|SPDY|QUIC)/(?P<version>\d(?:\.\d)?)(?!\w)")
_CODES = frozenset(
    words_in("""
    100 101 102 103 200 201 202 203 204 205 206 207 208 226 300 301 302 303 304 305 307 308 400 401 402 403 404 405 406
    407 408 409 410 411 412 413 414 415 416 417 418 421 422 423 424 425 426 428 429 431 451 499 500 501 502 503 504 505
    506 507 508 510 511 520 521 522 523 524 525 526 527 529 530
""")
)
_STATUS = re.compile(r"(?P<code>[1-5]\d\d)(?P<s>s)?(?![\w%])(?!\.\d|,\d{3})")
_CLASS = re.compile(r"(?P<first>[1-5])xx(?P<s>s)?(?!\w)", re.IGNORECASE)
_STATUS_BEFORE = re.compile(
    r"\b(?:HTTPS?|status(?:es)?|errors?|codes?|responses?|responds?(?:\swith)?|responded(?:\swith)?|responding\swith|fail(?:s|ed|ing)?\swith|"
    r"answer(?:s|ed)?(?:\swith)?|repl(?:y|ies|ied)(?:\swith)?|throws?|threw|return(?:s|ed|ing)?|raises?)(?:\s(?:code|codes|status|error|errors|a|an|the|of|is|was|HTTP))"
    r"{0,3}[:\s(]{1,3}\Z",
    re.IGNORECASE,
)
_WITH_NOUN = re.compile(r"\s+(?!(?:this|was|is|as|unless|always|does|has|its|plus|versus|across|status)\b)[a-z]{2,}s\b")
_STATUS_AFTER = re.compile(
    r"\s+(?:Not\sFound|Internal\sServer|Bad\s(?:Request|Gateway)|OK\b|Created\b|No\sContent|Forbidden\b|Unauthori[sz]ed\b|Too\sMany|"
    r"Service\sUnavailable|Gateway\sTime|Conflict\b|Moved\sPerm|Gone\b|Not\sModified|redirects?\b)"
)
_STATUS_NOUN = re.compile(r"\s+(?:error|response|status)\b")
_CVE = re.compile(r"CVE[- –](?P<year>\d{4})[- –](?P<number>\d{4,9})(?!\w)", re.IGNORECASE)
_CWE = re.compile(r"(?P<kind>CWE|CAPEC|GHSA)-(?P<rest>[\w-]{1,40})(?!\w)")
_STANDARD = re.compile(r"(?P<kind>RFCs?|ISO(?:/IEC)?|PEPs?|IEEE|BCP|STD|ECMA|JEP|ANSI|EIP|BIP)[\s-]?(?P<number>\d{1,5})(?!\w)")
_STANDARD_WORDS = {"RFC": "R F C", "RFCs": "R F Cs", "PEP": "pep", "PEPs": "peps", "ISO": "ISO", "ISO/IEC": "ISO I E C",
                   "IEEE": "I triple E",
                   "ECMA": "ecma", "JEP": "J E P", "EIP": "E I P", "BIP": "bip"}  # fmt: skip
_AND_NUMBER = re.compile(r"(?P<join>\s?(?:,|and|or|&|,\sand)\s)(?P<number>\d{3,4})(?!\w)(?![.,]\d)")


def host_words(scan: Scan, host: str) -> str:
    """``docs.example.com`` docs dot example dot com; ``www.`` is silent, a port too."""
    name = re.sub(r":\d+\Z", "", host.rpartition("@")[2]).lower().removeprefix("www.").strip(".")
    whole = scan.lexicon.say_word(name)
    if whole is not None:
        return whole
    return " dot ".join(_label(scan, label) for label in name.split(".") if label)


def _label(scan: Scan, label: str) -> str:
    if label in ACRONYMS:
        return label.upper()
    words = re.findall(r"[^\W_]+", label)
    return " ".join(scan.lexicon.say_word(word) or (cardinal(word) if word.isdigit() else word) for word in words)


def _url(scan: Scan, match: re.Match[str]) -> Said | None:
    if not _starts(scan, match.start()):
        return None
    rest = match["rest"]
    while rest and (
        rest[-1] in ".,;:!?…*_~”’" or (rest[-1] in ")]}" and rest.count(rest[-1]) > rest.count("([{"[")]}".index(rest[-1])]))
    ):
        rest = rest[:-1]
    if not rest:
        return None
    end = match.start("rest") + len(rest)
    if re.search(r"/compare/\S*\.\.", rest):
        return "", end
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return host_words(scan, host) or words_of(scan, rest.rstrip("/").rpartition("/")[2]), end


def _host(scan: Scan, match: re.Match[str]) -> Said | None:
    return (host_words(scan, match["host"]), match.end()) if _starts(scan, match.start()) else None


def _mail(scan: Scan, match: re.Match[str]) -> Said | None:
    if not _starts(scan, match.start()):
        return None
    user = re.sub(r"\s+", " ", words_of(scan, match["user"].replace("+", " plus ").replace(" ", "_")))
    return f"{user} at {host_words(scan, match['host'])}", match.end()


def _local(scan: Scan, match: re.Match[str]) -> Said | None:
    host, port = match["host"], match["port"]
    if not _starts(scan, match.start()) or not (port or host == "localhost"):
        return None
    name = "localhost" if host == "localhost" else " dot ".join(cardinal(part) for part in host.split("."))
    return f"{name} port {_port_words(port)}" if port else name, match.end()


def _address(scan: Scan, match: re.Match[str]) -> Said | None:
    numbers = match.group().split("/")[0].split(".")
    if any(int(number) > 255 for number in numbers) or not _starts(scan, match.start()):
        return None
    is_private = numbers[0] in ("10", "127", "192", "172", "169", "255") or numbers[:2] in (["0", "0"], ["8", "8"], ["1", "1"])
    if not is_private or re.search(r"version\s\Z|\bv\Z", scan.before(match.start()), re.IGNORECASE):
        return None
    mask = match.group().partition("/")[2]
    return " dot ".join(cardinal(number) for number in numbers) + (f" slash {cardinal(mask)}" if mask else ""), match.end()


def _port_words(port: str) -> str:
    return pairs(port) if len(port) == 4 else cardinal(port) if len(port) < 4 else port


def _loopback(scan: Scan, match: re.Match[str]) -> Said | None:
    return "colon colon one", match.end()


def _port(scan: Scan, match: re.Match[str]) -> Said | None:
    before = scan.text[match.start() - 1 : match.start()]
    return (f"port {_port_words(match['port'])}", match.end()) if not before or before.isspace() or before in "([" else None


def _request(scan: Scan, match: re.Match[str]) -> Said | None:
    path = match["path"]
    if path.startswith("http"):
        return f"{match['method'].lower()} {scan.inner(path)}", match.end()
    trimmed = path.rstrip(".,:")
    end = match.end() if match["query"] else match.start("path") + len(trimmed)
    said = [match["method"].lower(), *(_segment(scan, part) for part in re.split(r"[/:]", trimmed) if part.strip("{}<>"))]
    if len(said) == 1:
        said.append("root")
    said += [words_of(scan, name) for name in re.findall(r"(?:\A|&)(\w+)", match["query"] or "")]
    return " ".join(filter(None, said)), end


def _segment(scan: Scan, part: str) -> str:
    versioned = re.fullmatch(r"v(\d+(?:\.\d+)*)", part)
    return f"version {version_words(versioned[1])}" if versioned else words_of(scan, part.strip("{}<>$%@*~"))


def _protocol(scan: Scan, match: re.Match[str]) -> Said | None:
    return f"{match['name']} {version_words(match['version'])}", match.end()


def _status(scan: Scan, match: re.Match[str]) -> Said | None:
    """``404`` after HTTP, status, returns, error; not "returns 200 rows"."""
    code = match["code"]
    if code not in _CODES or not _starts(scan, match.start()):
        return None
    before = scan.before(match.start(), 50)
    chained = scan.notes.get("status_end")
    is_status = _STATUS_BEFORE.search(before) is not None and not _WITH_NOUN.match(scan.text, match.end())
    has_article = bool(re.search(r"(?:\b(?:an?|the)\s|\A)\Z", before, re.IGNORECASE))
    is_usual = code in ("404", "403", "401", "502", "503", "504", "429")
    is_status = is_status or bool(_STATUS_AFTER.match(scan.text, match.end()))
    is_status = is_status or ((has_article or is_usual) and code[0] in "45" and bool(_STATUS_NOUN.match(scan.text, match.end())))
    is_status = is_status or (is_usual and before.endswith(("a ", "an ")))
    if chained is not None and re.fullmatch(
        r"\s?(?:,|and|or|/|to|->|→|instead\sof|,\s(?:and|or)|rather\sthan)\s?", scan.text[chained : match.start()]
    ):
        is_status = True
    if not is_status:
        return None
    scan.notes["status_end"] = match.end()
    return one_by_one(code, "oh") + ("s" if match["s"] else ""), match.end()


def _status_class(scan: Scan, match: re.Match[str]) -> Said | None:
    return f"{SMALL[int(match['first'])]} x x" + ("s" if match["s"] else ""), match.end()


def _cve(scan: Scan, match: re.Match[str]) -> Said | None:
    return f"C V E {year(match['year'])}, {one_by_one(match['number'])}", match.end()


def _weakness(scan: Scan, match: re.Match[str]) -> Said | None:
    rest = match["rest"]
    said = cardinal(rest) if rest.isdigit() else ", ".join(" ".join(part.upper()) for part in rest.split("-") if part)
    return f"{' '.join(match['kind'])} {said}", match.end()


def _standard(scan: Scan, match: re.Match[str]) -> Said | None:
    kind, number = match["kind"], match["number"]
    name = _STANDARD_WORDS.get(kind, " ".join(kind))
    said, end = f"{name} {pairs(number) if len(number) > 2 else cardinal(number)}", match.end()
    while kind.startswith(("RFC", "PEP")) and (more := _AND_NUMBER.match(scan.text, end)):
        said, end = f"{said}{more['join']}{pairs(more['number'])}", more.end()
    return said, end


def _starts(scan: Scan, at: int) -> bool:
    return not at or not (scan.text[at - 1].isalnum() or scan.text[at - 1] in "_@#")


RULES = (
    Rule((LETTER,), _URL, _url, whole=True),
    Rule((LETTER,), _MAIL, _mail, whole=True, needs="@"),
    Rule((DIGIT,), _MAIL, _mail, needs="@"),
    Rule((LETTER,), _HOST, _host, whole=True, needs="/"),
    word_rule(("localhost",), _LOCAL, _local),
    Rule((DIGIT,), _LOCAL, _local),
    Rule((DIGIT,), re.compile(r"(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?(?!\w|\.\w)"), _address),
    Rule((":",), _LOOPBACK, _loopback),
    Rule((":",), _PORT, _port),
    word_rule(_METHODS, _REQUEST, _request, needs="/"),
    word_rule(("http", "https", "tls", "ssl", "spdy", "quic"), _PROTOCOL, _protocol, needs="/"),
    word_rule(("cve",), _CVE, _cve),
    word_rule(("cwe", "capec", "ghsa"), _CWE, _weakness),
    Rule(tuple("RIPBSEAJ"), _STANDARD, _standard, whole=True),
    word_rule(_STANDARDS, _STANDARD, _standard),
    Rule((DIGIT,), _STATUS, _status, plain=True),
    Rule((DIGIT,), _CLASS, _status_class),
)
