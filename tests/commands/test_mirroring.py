"""What is made inside folders that mirror projects at Respeecher goes there with the next sync, once, and nothing else."""

from __future__ import annotations

import pytest

from declaim.commands.adopting import adopt_audio
from declaim.model.library import RecordingState, RecordingType
from declaim.model.remote import StepState
from declaim.scripts import parse_script
from tests.support.desks import clean
from tests.support.service_server import tone_wav

WORDS = "# {title}\n\n[NARRATOR]: {text}\n"
_WRITES = ("POST", "PATCH", "PUT", "DELETE")


class Mirrored:
    """A desk whose project mirrors one there: Show, with Season 1 in it."""

    def __init__(self, at, server, tmp_path):
        self.at, self.server, self.tmp_path = at, server, tmp_path
        self.project = server.add_project("Show")
        self.season = server.add_folder(self.project, "Season 1")
        clean(at.sync())
        self.top, self.below = (self.folder(name).id for name in ("Show", "Season 1"))
        server.log.clear()

    def folder(self, name):
        return next(each for each in self.at.library.folders.of(self.at.project_id) if each.name == name)

    def script(self, folder_id, title="Part one", text="It was a dark night."):
        return self.at.studio.scripts.add(self.at.project_id, folder_id, parse_script(WORDS.format(title=title, text=text)))

    def sound(self, folder_id, label="Voice memo", **more):
        path = self.tmp_path / "memo.wav"
        path.write_bytes(tone_wav(200))
        audio = adopt_audio(path, self.at.library.media)
        with self.at.library.transaction("Import"):
            return self.at.library.recordings.add(
                self.at.project_id,
                folder_id,
                **{"type": RecordingType.ORIGINAL, "source": "file", **more},
                label=label,
                state=RecordingState.DONE,
                path=audio.path,
                duration_ms=audio.duration_ms,
            )

    @property
    def written(self):
        return [entry for entry in self.server.log if entry.method in _WRITES]

    def settled(self):
        """Nothing is sent by the next sync, and nothing of content written."""
        self.server.log.clear()
        changes = []
        stop = self.at.library.subscribe(changes.append)
        report = self.at.sync()
        stop()
        assert (report.pushed, report.updated, report.pulled, report.downloaded) == (0, 0, 0, 0)
        assert self.written == []
        assert not any(change.touches("recordings", "folders", "scripts", "remote_items", "notes") for change in changes)
        return report


@pytest.fixture
def show(desk, respeecher, tmp_path):
    return Mirrored(desk("respeecher", respeecher), respeecher, tmp_path)


def test_new_folders_scripts_and_sounds_go_there_once(show):
    new = show.at.studio.projects.create_folder(show.at.project_id, "Season 2", show.top)
    script = show.script(new)
    show.sound(show.below, starred=True, note="Softer")
    report = clean(show.at.sync(wait=True))
    assert (report.pushed, report.downloaded) == (4, 1)  # the star and the note are said after the upload
    season = next(each for each in show.server.folders.values() if each["name"] == "Season 2")
    kept = {each["label"]: each for each in show.server.recordings.values()}
    assert (kept["Part one"]["text"], kept["Part one"]["parent_folder_id"]) == ("It was a dark night.", season["id"])
    assert (kept["Voice memo"]["parent_folder_id"], kept["Voice memo"]["starred"]) == (show.season, True)
    assert kept["Voice memo"]["note"]["text"] == "Softer"
    assert any(take.path and take.type is RecordingType.ORIGINAL for take in show.at.recordings if take.script_id == script)
    assert {item.state for item in show.at.items} == {StepState.IN_STEP}
    assert clean(show.settled()).notes == []


def test_what_lies_elsewhere_takes_and_empty_scripts_stay_here(show):
    show.script(None)
    show.script(show.at.studio.projects.create_folder(show.at.project_id, "Mine"))
    show.sound(None)
    show.sound(show.below, type=RecordingType.CONVERSION, source="voice")
    show.at.studio.scripts.create(show.at.project_id, show.below, "Not begun")
    clean(show.at.sync())
    assert show.written == []


def test_what_lay_in_a_folder_before_something_in_it_was_published_stays_here(desk, respeecher, tmp_path):
    show = Mirrored(desk("respeecher", respeecher), respeecher, tmp_path)
    mine = show.at.studio.projects.create_folder(show.at.project_id, "Mine")
    published, _ = show.script(mine), show.script(mine, "Private")
    show.at.studio.projects.create_folder(show.at.project_id, "Drafts", mine)
    clean(show.at.publish("script", published, wait=True))
    show.settled()
    show.script(mine, "Later")
    assert clean(show.at.sync()).pushed == 1
    assert [each["label"] for each in respeecher.recordings.values()] == ["Part one", "Later"]


def test_a_dry_run_lists_what_would_go_and_keeps_nothing(show):
    script = show.script(show.top)
    show.script(show.top, "Long", "word " * 300)
    report = show.at.sync(dry_run=True)
    assert (report.pushed, [failure.code for failure in report.failed]) == (2, ["not_sent"])  # with its folder
    assert f"s{script} 'Part one' is new here and goes there." in report.new
    assert show.written == []
    assert show.at.library.outbox.failed(show.at.connection.id) == ()
    assert len(show.at.library.folders.of(show.at.project_id)) == 2


def test_what_the_service_would_not_take_is_told_once_and_goes_when_it_is_mended(show):
    long = show.script(show.below, "Long", "word " * 300)
    odd = show.script(show.below, "What's new: 2.0")
    report = show.at.sync()
    assert {(failure.item, failure.code) for failure in report.failed} == {(f"s{long}", "not_sent"), (f"s{odd}", "not_sent")}
    assert "Split it" in report.failed[0].message
    assert show.written == []
    assert clean(show.settled()).pushed == 0
    show.at.studio.scripts.rename(odd, "What is new in 2-0")
    assert clean(show.at.sync()).pushed == 1
    assert [each["label"] for each in show.server.recordings.values()] == ["What is new in 2-0"]
    report = show.at.send(show.at.syncing.retry_all(show.at.connection))
    assert [failure.item for failure in report.failed] == [f"s{long}"]
    assert "Split it" in report.failed[0].message


def test_a_folder_with_a_name_that_it_would_not_take_is_told_and_what_lies_in_it_waits(show):
    new = show.at.studio.projects.create_folder(show.at.project_id, "Spring/Summer", show.top)
    show.script(new)
    report = show.at.sync()
    assert [failure.item for failure in report.failed] == [f"f{new}"]
    assert (report.waiting, show.written) == (1, [])
    show.at.studio.projects.rename_folder(new, "Spring and Summer")
    assert clean(show.at.sync()).pushed == 2
    assert len(show.server.recordings) == 1


def test_what_lies_in_a_project_goes_into_a_folder_of_it(show):
    show.script(show.top)
    assert clean(show.at.sync(wait=True)).pushed == 2
    (original,) = show.server.recordings.values()
    assert show.server.folders[original["parent_folder_id"]]["name"] == "Recordings"
    assert clean(show.settled()).notes == []


def test_what_was_sent_and_deleted_here_or_there_is_not_sent_again(show):
    script = show.script(show.below)
    sound = show.sound(show.below)
    clean(show.at.sync(wait=True))
    (made,) = show.at.studio.recordings.of_script(script)
    show.at.studio.recordings.trash(made.id)
    remote_id = next(item.remote_id for item in show.at.items if item.item_id == sound and item.item_kind == "recording")
    del show.server.recordings[remote_id]
    report = clean(show.at.sync())
    assert (report.pushed, report.deleted) == (0, 1)
    assert any("was deleted here and is still there" in note for note in report.notes)
    show.settled()


def test_what_waits_says_what_it_is_when_it_goes_and_not_what_was_deleted_meanwhile(show):
    first, second = show.script(show.below), show.script(show.below, "Part two")
    show.server.fail("429", times=99, on="POST")
    assert clean(show.at.sync()).waiting == 2
    assert show.server.recordings == {}
    show.server.work_again()
    show.at.studio.scripts.save_text(first, WORDS.format(title="Part one", text="Other words."))
    show.at.studio.scripts.trash(second)
    assert clean(show.at.sync()).pushed == 1
    assert [each["text"] for each in show.server.recordings.values()] == ["Other words."]


def test_an_answer_that_was_lost_makes_nothing_twice(show):
    show.script(show.below)
    show.sound(show.below)
    show.server.fail("cut-after", times=200, on="POST")
    assert clean(show.at.sync()).pushed == 2
    show.server.work_again()
    clean(show.at.sync(wait=True))
    assert len(show.server.recordings) == len(show.at.recordings) == 2
    show.settled()


def test_a_project_that_is_gone_there_gets_nothing_new(show):
    show.server.projects.clear()
    show.server.folders.clear()
    clean(show.at.sync())
    show.script(show.below)
    clean(show.at.sync())
    assert show.written == []


def test_what_was_moved_there_is_moved_here(show):
    original = show.server.add_original(show.season, label="Take 1")
    show.server.add_conversion(original, label="As Ada")
    elsewhere = show.server.add_project("Other")
    other = show.server.add_folder(elsewhere, "Season 9")
    clean(show.at.sync())
    for recording in show.server.recordings.values():
        recording |= {"parent_folder_id": other, "project_id": show.server.folders[other]["project_id"]}
    report = clean(show.at.sync())
    assert report.updated == 1
    assert {take.folder_id for take in show.at.recordings} == {show.folder("Season 9").id}
    show.server.folders[show.season] |= {"project_id": elsewhere, "parent_id": other}
    assert clean(show.at.sync()).updated == 1
    assert show.folder("Season 1").parent_id == show.folder("Season 9").id
    show.settled()


def test_what_was_moved_here_is_said_because_no_call_moves_it_there(show):
    show.server.add_original(show.season, label="Take 1")
    show.server.add_folder(show.project, "Season 2")
    clean(show.at.sync())
    (take,) = show.at.recordings
    show.at.studio.projects.move("recording", take.id, show.at.project_id, show.folder("Season 2").id)
    show.server.log.clear()
    report = clean(show.at.sync())
    assert [note for note in report.notes if f"r{take.id} lies in another folder here than there" in note]
    assert (show.written, show.at.recordings[0].folder_id) == ([], show.folder("Season 2").id)


def test_with_one_answer_in_five_broken_each_goes_there_once(show, elsewhere):
    new = show.at.studio.projects.create_folder(show.at.project_id, "Season 2", show.top)
    for number in range(4):
        show.script(new, f"Part {number}")
        show.sound(show.below, f"Memo {number}", starred=True)
    show.server.slow_s = 0.05
    show.server.fail_every(5)
    for _ in range(12):
        report = show.at.sync(wait=True)
        if not report.failed and not report.waiting and not report.pushed:
            break
    show.server.work_again()
    clean(show.at.sync(wait=True))
    assert len(show.server.folders) == 2
    assert sorted(each["label"] for each in show.server.recordings.values()) == sorted(take.label for take in show.at.recordings)
    assert len(show.server.recordings) == 8
    assert sum(each["starred"] for each in show.server.recordings.values()) == 4
    assert not any({"api-key", "authorization"} & set(entry.headers) for entry in elsewhere.log)
    assert clean(show.settled()).notes == []
