from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from declaim.errors import LibraryDamaged, LibraryError, LibraryInUse, LibraryReadOnly, LibraryTooNew
from declaim.model.library import RecordingType
from declaim.storage import Library, migrations, opening
from declaim.storage.backups import all_backups

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals and mounts")


def fill(folder, count=5):
    with Library.open(folder) as library, library.transaction("Fill"):
        for index in range(count):
            project = library.projects.add(f"Project {index}")
            library.scripts.add(project, None, None, "Title", "words " * 1000)


def start(program, *arguments):
    """Another process that runs a program with the library's code, its output a pipe."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(opening.__file__).parents[2])},
    )


HOLDER = """
    import sys, time
    from pathlib import Path
    from declaim.storage import Library
    library = Library.open(Path(sys.argv[1]))
    with library.transaction("New"):
        library.projects.add("Held")
    print("held", flush=True)
    time.sleep(60)
"""


@posix
def test_a_library_that_another_process_holds_is_refused_until_that_is_killed(folder):
    with start(HOLDER, folder) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LibraryInUse) as refused:
            Library.open(folder)
        assert str(holder.pid) in refused.value.message
        assert "--library" in refused.value.cure
        with Library.open(folder, writable=False) as reader:
            assert [project.name for project in reader.projects.all()] == ["Held"]
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    with Library.open(folder) as library:
        assert [project.name for project in library.projects.all()] == ["Held"]
        assert library.check() == ()


def test_the_same_process_may_not_open_it_twice_either(folder):
    with Library.open(folder), pytest.raises(LibraryInUse):
        Library.open(folder)
    Library.open(folder).close()


def test_a_failed_opening_leaves_no_lock(folder):
    folder.mkdir()
    (folder / "library.db").write_bytes(b"not a database, but long enough to look at" * 200)
    for _ in range(2):
        with pytest.raises(LibraryDamaged):
            Library.open(folder)


WRITER = """
    import sys
    from pathlib import Path
    from declaim.model.library import LineDraft
    from declaim.storage import Library
    library = Library.open(Path(sys.argv[1]))
    with library.transaction("New"):
        script = library.scripts.add(library.projects.add("Alpha"), None, None, "Title")
    for number in range(1_000_000):
        with library.transaction("Edit", merge_key="typing"):
            library.scripts.set_text(script, f"text {number}")
            library.lines.replace(script, [LineDraft("HOST1", f"line {number} {index}") for index in range(5)])
        print(number, flush=True)
"""


@posix
@pytest.mark.parametrize("patience_s", [0.01, 0.07, 0.15])
def test_killing_a_writer_loses_nothing_that_was_committed(folder, patience_s):
    with start(WRITER, folder) as writer:
        writer.stdout.readline()
        time.sleep(patience_s)
        os.kill(writer.pid, signal.SIGKILL)
        lines = writer.stdout.read().split()
    last = int(lines[-1]) if lines else 0
    with Library.open(folder) as library:
        script = library.scripts.of(library.projects.all()[0].id)[0].id
        kept = int(library.scripts.get(script).text.split()[1])
        assert last <= kept <= last + 1
        assert [row.text for row in library.lines.of(script)] == [f"line {kept} {index}" for index in range(5)]
        assert library.check() == ()


def test_a_library_of_a_newer_declaim_is_refused_and_left_alone(folder):
    fill(folder)
    newer = sqlite3.connect(folder / "library.db")
    newer.execute(f"PRAGMA user_version = {migrations.newest_version() + 1}")
    newer.close()
    before = (folder / "library.db").read_bytes()
    for writable in (True, False):
        with pytest.raises(LibraryTooNew) as refused:
            Library.open(folder, writable=writable)
        assert "Update Declaim" in refused.value.cure
    assert (folder / "library.db").read_bytes() == before


def test_a_declaim_that_cannot_read_the_chapters_of_lines_refuses_their_library(folder, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", migrations.STEPS[:1])
        fill(folder)
    with Library.open(folder) as library:
        assert len(library.projects.all()) == 5
    monkeypatch.setattr(migrations, "STEPS", migrations.STEPS[:1])
    with pytest.raises(LibraryTooNew):
        Library.open(folder)


def test_an_older_library_is_backed_up_before_it_is_migrated(folder, monkeypatch):
    fill(folder)
    shutil.rmtree(folder / "backups")

    def m003_add_colour(db):
        db.conn.execute("ALTER TABLE projects ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'")

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, m003_add_colour))
    with pytest.raises(LibraryError, match="older Declaim"):
        Library.open(folder, writable=False)
    with Library.open(folder) as library:
        assert library._database.value("SELECT colour FROM live_projects") == "blue"
    (backup,) = all_backups(folder)
    old = sqlite3.connect(backup)
    assert old.execute("SELECT count(*) FROM projects").fetchone() == (5,)
    assert old.execute("PRAGMA user_version").fetchone() == (migrations.newest_version() - 1,)
    old.close()


def test_a_migration_that_fails_leaves_the_library_as_it_was(folder, monkeypatch):
    fill(folder)

    def m003_break(db):
        db.conn.execute("ALTER TABLE projects ADD COLUMN colour TEXT")
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", (*migrations.STEPS, m003_break))
        with pytest.raises(ZeroDivisionError):
            Library.open(folder)
    with Library.open(folder) as library:
        assert len(library.projects.all()) == 5
        assert library.check() == ()


def test_closing_makes_one_backup_a_day(folder):
    fill(folder)
    fill(folder)
    assert len(all_backups(folder)) == 1


def test_the_five_newest_backups_are_kept(folder):
    with Library.open(folder) as library:
        made = [library.back_up() for _ in range(7)]
    assert all_backups(folder) == made[:-6:-1]


def test_a_backup_is_one_sound_file_that_opens_as_a_library(folder, tmp_path):
    fill(folder)
    other = tmp_path / "other"
    other.mkdir()
    shutil.copyfile(all_backups(folder)[0], other / "library.db")
    with Library.open(other) as library:
        assert len(library.projects.all()) == 5
        assert library.check() == ()


def spoil(path, start, length=4096):
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xa5" * length)


def test_a_damaged_library_names_its_newest_backup_as_the_cure(folder):
    fill(folder, 60)
    newest = all_backups(folder)[0]
    size = (folder / "library.db").stat().st_size
    for start_at in range(4096, size, 4096):
        if start_at // 4096 % 3 == 0:
            spoil(folder / "library.db", start_at)
    with pytest.raises(LibraryDamaged) as refused:
        Library.open(folder)
    assert newest.name in refused.value.cure
    assert "damaged" in refused.value.message


def test_a_damaged_header_is_said_without_a_backup_too(folder):
    fill(folder)
    shutil.rmtree(folder / "backups")
    spoil(folder / "library.db", 0, 100)
    with pytest.raises(LibraryDamaged, match="no backup"):
        Library.open(folder)


def test_a_full_check_names_the_faults(folder):
    fill(folder)
    with Library.open(folder) as library:
        assert library.check() == ()
        library._database.connection.execute("PRAGMA foreign_keys = OFF")
        library._database.connection.execute("DELETE FROM projects WHERE id = 1")
        assert any("scripts" in fault for fault in library.check())


def test_a_database_of_another_program_is_not_taken_over(folder):
    folder.mkdir()
    other = sqlite3.connect(folder / "library.db")
    other.execute("CREATE TABLE bookmarks (id INTEGER)")
    other.commit()
    other.close()
    with pytest.raises(LibraryError, match="another program"):
        Library.open(folder)


def test_reading_where_there_is_no_library_says_so(folder):
    with pytest.raises(LibraryError, match="no library"):
        Library.open(folder, writable=False)
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_says_why(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LibraryError) as refused:
        Library.open(tmp_path / "file" / "library")
    assert "--library" in refused.value.cure


def test_up_to_date_libraries_open_without_sqlite_utils(folder):
    fill(folder)
    program = """
        import sys
        from pathlib import Path
        from declaim.storage import Library
        Library.open(Path(sys.argv[1])).close()
        heavy = {"sqlite_utils", "numpy", "keyring", "click"} & set(sys.modules)
        print(sorted(heavy), flush=True)
    """
    with start(program, folder) as opener:
        assert opener.stdout.read() == "[]\n"


@pytest.fixture
def small_disk(tmp_path):
    """A real disk of one megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None:
        pytest.skip("no mount command here")
    mounted = subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("may not mount a small disk here (needs root)")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@posix
def test_a_full_disk_says_so_and_loses_nothing(small_disk):
    folder = small_disk / "library"
    with Library.open(folder) as library:
        with library.transaction("New"):
            project = library.projects.add("Alpha")
            script = library.scripts.add(project, None, None, "Title", "before")
        (small_disk / "ballast").write_bytes(b"\0" * (os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize - 8192))
        with pytest.raises(LibraryError, match=r"full|could not be") as refused, library.transaction("Edit"):
            library.scripts.set_text(script, "after " * 100_000)
        assert "space" in refused.value.cure
        assert library.scripts.get(script).text == "before"
        assert library.undo_label == "New"
        (small_disk / "ballast").unlink()
        with library.transaction("Edit"):
            library.scripts.set_text(script, "after")
    with Library.open(folder) as library:
        assert library.scripts.get(script).text == "after"
        assert library.check() == ()


def test_a_library_that_was_only_begun_is_not_called_an_older_one(folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "library.db").touch()
    with pytest.raises(LibraryError, match="not finished"):
        Library.open(folder, writable=False)
    Library.open(folder).close()


@posix
def test_a_new_library_on_a_full_disk_says_so(small_disk):
    (small_disk / "ballast").write_bytes(b"\0" * (os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize))
    with pytest.raises(LibraryError) as refused:
        Library.open(small_disk / "library")
    assert "space" in refused.value.cure
    (small_disk / "ballast").unlink()
    Library.open(small_disk / "library").close()


@posix
def test_closing_on_a_full_disk_says_that_there_is_no_backup(small_disk, expected_warnings):
    expected_warnings.append("No backup was made")
    with Library.open(small_disk / "library") as library:
        with library.transaction("New"):
            library.projects.add("Alpha")
        (small_disk / "ballast").write_bytes(b"\0" * (os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize))
    assert all_backups(small_disk / "library") == []
    assert not [path for path in (small_disk / "library" / "backups").glob(".*") if path.is_file()]
    (small_disk / "ballast").unlink()
    with Library.open(small_disk / "library") as library:
        assert len(library.projects.all()) == 1


@posix
def test_a_read_only_disk_is_said_and_can_still_be_read(small_disk):
    folder = small_disk / "library"
    with Library.open(folder) as library, library.transaction("New"):
        project = library.projects.add("Alpha")
        library.recordings.add(project, type=RecordingType.ORIGINAL, label="Voice")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(LibraryReadOnly) as refused:
        Library.open(folder)
    assert "writable" in refused.value.cure
    with Library.open(folder, writable=False) as library:
        assert [row.title for row in library.tree()] == ["Alpha", "Voice"]
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
