"""``voices``: the catalogue in the terminal. Listing needs no library, but for favourites."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from declaim.cli.group import declaim
from declaim.cli.terminal import print_json, progress_bar, say, stoppable
from declaim.commands.catalogue import Catalogue, CatalogueEntry, CatalogueFilter, Show, voice_of
from declaim.commands.downloading import VoiceDownloads
from declaim.commands.keys import discover_voices, read_voices
from declaim.model.ids import VoiceId
from declaim.model.offer import OfferedVoice

_KEYS = ("id", "name", "engine", "language", "gender", "ready")


@declaim.command()
@click.option("--engine", default="", help="Only this engine's.")
@click.option("--language", default="", help="Only voices of this language, as in en or en-US.")
@click.option("--gender", default="", type=click.Choice(["", "female", "male", "neutral"]), help="Only female or male voices.")
@click.option("--search", default="", metavar="TEXT", help="Only voices with these words in name, id, engine or description.")
@click.option("--favourites", is_flag=True, help="Only your favourites.")
@click.option("--read", is_flag=True, help="First read the voices of your cloud accounts; sends your keys there.")
@click.option("--favourite", metavar="ID", help="Make a voice a favourite.")
@click.option("--unfavourite", metavar="ID", help="Make it none again.")
@click.option("--offered", is_flag=True, help="What can be downloaded instead.")
@click.option("--read-offers", is_flag=True, help="First ask Piper's source for the list of all of its voices.")
@click.option("--download", metavar="ID", help="Download a voice; one that broke off is continued.")
@click.option("--remove", metavar="ID", help="Remove a downloaded voice.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def voices(
    library: Path,
    /,
    engine: str,
    language: str,
    gender: str,
    search: str,
    favourites: bool,
    read: bool,
    favourite: str | None,
    unfavourite: str | None,
    offered: bool,
    read_offers: bool,
    download: str | None,
    remove: str | None,
    as_json: bool,
) -> None:
    """Every voice: id, name, language, gender, engine, ready or what it lacks."""
    if favourite or unfavourite:
        _choose(library, favourite, unfavourite)
        return
    downloads = VoiceDownloads()
    if download or remove:
        _change(downloads, download, remove)
        return
    if read_offers:
        with stoppable() as cancel:
            say(f"{downloads.read_offers(cancel)} voices are offered.")
    narrowed = CatalogueFilter(search, language, gender, engine, show=Show.FAVOURITES if favourites else Show.ALL)
    if offered or read_offers:
        _show_offers(_offers(narrowed, downloads), as_json)
        return
    registry = discover_voices()
    if read:
        with closing(registry):
            read_voices(registry, engine)
    chosen = _favourites(library) if favourites else frozenset()
    entries = [CatalogueEntry(voice, voice.engine, voice.id in chosen) for voice in registry.all()]
    _show(entries if narrowed == CatalogueFilter() else _in_order(narrowed, entries), as_json)


def _in_order(narrowed: CatalogueFilter, entries: Sequence[CatalogueEntry]) -> list[CatalogueEntry]:
    """Engine by engine, as the registry has them."""
    fitting = set(map(id, narrowed.narrow(entries)))
    return [entry for entry in entries if id(entry) in fitting]


def _show(entries: Sequence[CatalogueEntry], as_json: bool) -> None:
    found = [entry.voice for entry in entries]
    if not found:
        say("No voice fits. The command `declaim voices` without options lists them all.")
    if as_json:
        print_json(
            [{key: getattr(voice, key) for key in _KEYS} | ({"needs": voice.needs} if voice.needs else {}) for voice in found]
        )
        return
    for voice in found:
        state = "ready" if voice.ready else voice.needs
        click.echo(f"{voice.id:24} {voice.name:14} {voice.language:7} {voice.gender:8} {voice.engine:10} {state}")


def _offers(narrowed: CatalogueFilter, downloads: VoiceDownloads) -> list[OfferedVoice]:
    entries = [CatalogueEntry(voice_of(offer), offer.engine, offer=offer) for offer in downloads.offered()]
    entries = [entry for entry in entries if not downloads.is_here(entry.voice.id)]
    return [entry.offer for entry in _in_order(narrowed, entries) if entry.offer is not None]


def _show_offers(found: Sequence[OfferedVoice], as_json: bool) -> None:
    if as_json:
        keys = ("id", "name", "engine", "language", "gender", "quality", "licence", "size_bytes")
        print_json([{key: getattr(offer, key) for key in keys} for offer in found])
        return
    for offer in found:
        licence = offer.licence or "licence: see its card"
        click.echo(
            f"{offer.id:28} {offer.name:18} {offer.language:7} {offer.gender:8} {offer.quality:7} {offer.size_text:>7} {licence}"
        )


def _change(downloads: VoiceDownloads, download: str | None, remove: str | None) -> None:
    if remove:
        downloads.remove(VoiceId(remove))
        say(f"{remove} is removed.")
    if download:
        offer = downloads.find(download)
        say(f"Downloading {offer.id} from {downloads.source(offer.engine)}")
        with stoppable() as cancel, progress_bar(f"Downloading {offer.name}") as progress:
            downloads.fetch(download, cancel, progress)
        say(f"{offer.id} is ready.")


def _choose(library: Path, favourite: str | None, unfavourite: str | None) -> None:
    from declaim.cli.library import opened

    with opened(library) as at:
        catalogue: Catalogue = at.studio.catalogue
        for voice_id, is_favourite in ((favourite, True), (unfavourite, False)):
            if voice_id:
                found = at.studio.voices.find(voice_id).id if is_favourite else VoiceId(voice_id)
                catalogue.set_favourite(found, is_favourite)
                say(f"{found} is {'a' if is_favourite else 'no'} favourite{'' if is_favourite else ' any more'}.")


def _favourites(library: Path) -> frozenset[VoiceId]:
    from declaim.storage import Library

    if not (library / "library.db").exists():
        return frozenset()
    with Library.open(library, writable=False) as opened:
        return opened.voice_choices.favourites()
