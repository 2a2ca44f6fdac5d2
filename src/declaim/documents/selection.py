"""Which releases of a changelog are told."""

from __future__ import annotations

from declaim.errors import InputError
from declaim.model.source import LeftOut, Release, Source

_LISTED = 12


def select_releases(source: Source, *, release: str = "latest", since: str = "") -> tuple[Release, ...]:
    """The chosen releases, the newest first.

    ``release`` is ``latest`` (the newest published one that says something and was not yanked; unreleased changes where
    there is nothing else), ``all``, ``unreleased`` or a version with or without its ``v``. ``since`` overrules it: every
    release newer than that version.

    Raises:
        InputError: where none fits, naming what is there.
    """
    if not source.releases:
        cure = "Give it headings such as '## 1.2.0 - 2026-01-15', or take it for a document."
        raise InputError("No releases are found in this changelog.", cure=cure)
    if since.strip():
        return _since(source.releases, since.strip())
    wish = release.strip().lower() or "latest"
    if wish == "all":
        return tuple(found for found in source.releases if _says_something(found)) or source.releases
    if wish == "latest":
        return _latest(source.releases)
    if wish == "unreleased":
        return _unreleased(source.releases)
    chosen = tuple(found for found in source.releases if _is_named(found, release.strip()))
    if not chosen:
        raise InputError(f"There is no release {release.strip()[:60]} in this changelog.", cure=_listed(source.releases))
    return chosen[:1]


def _latest(releases: tuple[Release, ...]) -> tuple[Release, ...]:
    telling = [found for found in releases if _says_something(found)]
    published = [found for found in telling if not found.unreleased]
    kept = [found for found in published if not found.yanked]
    chosen = kept[:1] or published[:1] or telling[:1]
    if not chosen:
        raise InputError("No release in this changelog says anything.", cure="Write what changed below a release's heading.")
    return tuple(chosen)


def passed_over(source: Source, chosen: tuple[Release, ...]) -> tuple[LeftOut, ...]:
    """The yanked releases that stand before the one chosen as the latest."""
    newer = source.releases[: source.releases.index(chosen[0])] if chosen and not chosen[0].yanked else ()
    return tuple(LeftOut(found.source_lines, found.version or found.title, "yanked release") for found in newer if found.yanked)


def _unreleased(releases: tuple[Release, ...]) -> tuple[Release, ...]:
    chosen = tuple(found for found in releases if found.unreleased and _says_something(found))
    if not chosen:
        raise InputError("There are no unreleased changes in this changelog.", cure=_listed(releases))
    return chosen


def _since(releases: tuple[Release, ...], since: str) -> tuple[Release, ...]:
    """The releases that stand before ``since`` in the file; of a version that is not there, those with a greater number."""
    from declaim.documents.versions import version_key

    at = next((index for index, found in enumerate(releases) if _is_named(found, since)), None)
    if at is not None:
        newer = releases[:at]
    elif any(char.isdigit() for char in since) and any(found.version for found in releases):
        newer = tuple(found for found in releases if found.version and version_key(found.version) > version_key(since))
    else:
        raise InputError(f"There is no release {since[:60]} in this changelog.", cure=_listed(releases))
    telling = tuple(found for found in newer if _says_something(found))
    chosen = tuple(found for found in telling if not found.unreleased) or telling
    if not chosen:
        raise InputError(f"Nothing in this changelog is newer than {since[:60]}.", cure=_listed(releases))
    return chosen


def _is_named(found: Release, wish: str) -> bool:
    from declaim.documents.versions import same_version

    if found.version:
        return same_version(found.version, wish)
    return (found.date is not None and found.date.isoformat() == wish) or (found.title.lower() == wish.lower() != "")


def _says_something(found: Release) -> bool:
    return bool(found.summary) or any(group.entries or group.summary for group in found.groups)


def _listed(releases: tuple[Release, ...]) -> str:
    names = [found.version or ("unreleased" if found.unreleased else found.title) for found in releases]
    names = [name for name in names if name]
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"It has {', '.join(names[:_LISTED])}{more}." if names else ""
