"""How fast changelogs are read: ``python tests/benchmarks/bench_documents.py [MEGABYTES]``.

CPU seconds move less than the clock's when the machine is busy.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from declaim.documents import parse_source

TEXT = "add remove the window a crash on start when file is empty support for new option faster loading of large documents"
WORDS = TEXT.split()


def changelog(size_bytes: int) -> Iterator[str]:
    """A release-please changelog with links, hashes and scopes, the costly kind."""
    chance = random.Random(1)
    number, made = 100_000, 0
    yield "# Changelog\n"
    while made < size_bytes:
        number -= 1
        lines = [f"\n## [{number // 1000}.{number // 10 % 100}.{number % 10}](https://example.org/{number}) (2026-01-15)\n"]
        for group in ("Features", "Bug Fixes", "Performance Improvements"):
            lines.append(f"\n### {group}\n\n")
            for _ in range(6):
                text = " ".join(chance.choices(WORDS, k=14))
                link = f"([#{number}](https://github.com/o/r/issues/{number})) ([abc{number}](https://github.com/o/r/commit/abc{number}))"
                lines.append(f"* **core:** {text} with `code` {link}\n")
        release = "".join(lines)
        made += len(release)
        yield release


def main() -> None:
    largest = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    print(f"{'size':>8} {'releases':>9} {'entries':>8} {'wall s':>7} {'CPU s':>7} {'peak MB':>8}")
    for megabytes in (0.2, 1.0, largest):
        text = "".join(changelog(int(megabytes * 1_000_000)))
        wall, cpu = time.perf_counter(), time.process_time()
        source = parse_source(text, origin="CHANGELOG.md")
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        entries = sum(len(release.entries) for release in source.releases)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{megabytes:>6} MB {len(source.releases):>9} {entries:>8} {wall:>7.2f} {cpu:>7.2f} {peak:>8}")


if __name__ == "__main__":
    main()
