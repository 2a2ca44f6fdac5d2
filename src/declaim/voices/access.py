"""What a cloud engine gets from outside: keys, the user's choices, a folder to remember in."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from declaim import paths
from declaim.model.key import key_from_environment

_CHOICES = "engines.json"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class EngineChoices:
    """What the user has chosen for an engine. Empty and 0 mean: the engine's own, and no cap. ``requests_at_once``: at most, as
    a plan may allow fewer than the limiter would find out; ``exchanges``: two speakers in one request where that is possible."""

    base_url: str = ""
    model: str = ""
    requests_per_minute: int = 0
    requests_per_day: int = 0
    requests_at_once: int = 0
    exchanges: bool = True


class Access:
    """Made where the program is composed, handed to engines by ``Voices.connect``.

    ``find_key`` may take a while (a system keyring): it is called in workers, when a request is made. ``has_key`` is fast.
    ``folder`` holds choices, what was read online, and the day's counters; nothing in it is secret.
    """

    def __init__(
        self,
        folder: Path | None = None,
        find_key: Callable[[str], str] = key_from_environment,
        has_key: Callable[[str], bool] | None = None,
    ) -> None:
        self.folder = folder or paths.settings_dir()
        self.find_key = find_key
        self.has_key = has_key or (lambda name: bool(key_from_environment(name)))
        self._seen: tuple[tuple[int, int, int], Mapping[str, Any]] = (0, 0, 0), {}

    def choices(self, engine: str) -> EngineChoices:
        """The choices for an engine; whatever does not fit is as if it had not been chosen."""
        plain = self._all_choices().get(engine)
        if not isinstance(plain, Mapping):
            return EngineChoices()
        defaults = asdict(EngineChoices())
        fitting = {name: plain[name] for name, value in defaults.items() if type(plain.get(name)) is type(value)}
        return EngineChoices(**fitting)

    def _all_choices(self) -> Mapping[str, Any]:
        """Read again only when the file is another one: each line of a plan asks."""
        try:
            found = (self.folder / _CHOICES).stat()
        except OSError:
            return {}
        seen = (found.st_ino, found.st_mtime_ns, found.st_size)
        if seen != self._seen[0]:
            self._seen = seen, self.recall(_CHOICES)
        return self._seen[1]

    def choose(self, engine: str, **chosen: str | int | bool) -> EngineChoices:
        """Changes some of an engine's choices and keeps them."""
        known = {field.name for field in fields(EngineChoices)}
        after = replace(self.choices(engine), **{name: value for name, value in chosen.items() if name in known})  # type: ignore[arg-type]
        self.remember(_CHOICES, {**self.recall(_CHOICES), engine: asdict(after)})
        return after

    def recall(self, name: str) -> dict[str, Any]:
        """What was remembered under a file's name; empty where there is nothing that can be read."""
        try:
            plain = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            logger.info("%s cannot be read and is begun anew.", name)
            return {}
        return plain if isinstance(plain, dict) else {}

    def remember(self, name: str, plain: Mapping[str, Any]) -> None:
        """Keeps a JSON object under a file's name.

        Raises:
            OSError: where the disk refuses.
        """
        with paths.replacing(self.folder / name) as beside:
            beside.write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")
