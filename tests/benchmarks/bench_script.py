"""How well and how fast a source becomes a script and a script is read. Prints a table; asserts nothing about time.

    python tests/benchmarks/bench_script.py                   every row, about ten seconds
    python tests/benchmarks/bench_script.py CASES.tsv...       and the share of accepted readings of tables (input, tab, readings
                                                             parted by " | "), with the rows that are read otherwise

CPU seconds move less than the clock's when the machine is busy. The import of what a first use loads is a row of its own.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from declaim.commands.writing import write_script  # noqa: E402
from declaim.documents import parse_source  # noqa: E402
from declaim.model.script import NARRATOR, Line, ScriptSettings, Verbosity  # noqa: E402
from declaim.scripts import format_script  # noqa: E402
from declaim.speech import Speech  # noqa: E402
from tests.benchmarks.bench_documents import changelog  # noqa: E402
from tests.support.readings import SAMPLES, reading  # noqa: E402

T = TypeVar("T")
LINES = 10_000


def timed(what: str, work: Callable[[], T]) -> T:
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:<58} {wall:>7.2f} {cpu:>7.2f} {peak:>8}")
    return made


def rows(path: Path) -> list[tuple[str, list[str]]]:
    lines = (line.partition("\t") for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("# "))
    return [(written, [reading(one) for one in accepted.split(" | ")]) for written, _, accepted in lines]


def judge(path: Path, speech: Speech) -> None:
    """The share of a table that is read as accepted, and what was said instead elsewhere."""
    cases = rows(path)
    said = [(written, speech.spoken_text(written), accepted) for written, accepted in cases]
    wrong = [(written, spoken, accepted) for written, spoken, accepted in said if reading(spoken) not in accepted]
    print(
        f"{path.name}: {len(cases) - len(wrong)} of {len(cases)} read as accepted ({100 - 100 * len(wrong) / len(cases):.1f} %)"
    )
    for written, spoken, accepted in wrong:
        print(f"  {written}\n    said     {spoken}\n    accepted {accepted[0]}")


def unlike_lines() -> list[Line]:
    """Lines of technical prose, none of them twice: what was read once is remembered."""
    inputs = [written for written, _ in rows(SAMPLES / "spoken_cases.tsv")]
    prose = [line for line in (SAMPLES / "spoken_prose.txt").read_text("utf-8").splitlines() if line.strip()]
    texts = [f"{prose[at % len(prose)]} {inputs[at % len(inputs)]} in run {at}." for at in range(LINES)]
    return [Line(NARRATOR, text.replace("{", "").replace("}", "")) for text in texts]


def written(text: str, **choices: object) -> str:
    settings = ScriptSettings(release="all", verbosity=Verbosity.DETAILED, **choices)  # type: ignore[arg-type]
    return format_script(write_script(parse_source(text, origin="CHANGELOG.md"), settings).script)


def main() -> None:
    small, large = ("".join(changelog(size)) for size in (200_000, 5_000_000))
    print(f"{'':<58} {'wall s':>7} {'CPU s':>7} {'peak MB':>8}")
    timed(
        "first use: parser, writer and speech are loaded",
        lambda: Speech().spoken_text(written("# A\n\n## 1.0.0\n\n- New\n")[:50]),
    )
    one = timed("script of a 200 KB changelog, all releases, one speaker", lambda: written(small))
    two = timed("the same, two speakers", lambda: written(small, speakers=2))
    again = timed("both again", lambda: (written(small), written(small, speakers=2)))
    lines, speech = unlike_lines(), Speech()
    timed(f"spoken form of {LINES:,} different lines", lambda: [speech.speak_line(line) for line in lines])
    timed("a 5 MB changelog is read", lambda: parse_source(large, origin="CHANGELOG.md"))
    print(
        "\nthe same script, byte for byte:",
        "yes" if (one, two) == again else "NO",
        hashlib.sha256((one + two).encode()).hexdigest()[:16],
    )
    for name in sys.argv[1:] or [str(SAMPLES / "spoken_cases.tsv")]:
        judge(Path(name), Speech())


if __name__ == "__main__":
    main()
