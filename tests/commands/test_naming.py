from __future__ import annotations

import pytest

from declaim.commands.listing import listing, statistics
from declaim.commands.naming import find_named
from declaim.errors import InputError
from tests.support.studios import add_script


def test_a_thing_is_found_by_id_and_by_a_title_that_only_it_has(studio, project_id):
    _, script_id = add_script(studio)
    assert find_named(studio, f"s{script_id}").kind == "script"
    assert find_named(studio, "myapp 2.0.0").id == script_id
    assert find_named(studio, "MyApp").kind == "project"


def test_a_title_that_two_things_have_is_refused_with_their_ids(studio, project_id):
    add_script(studio)
    add_script(studio)
    with pytest.raises(InputError, match=r"s1.*s2"):
        find_named(studio, "MyApp 2.0.0")
    with pytest.raises(InputError, match="declaim list"):
        find_named(studio, "nothing")


def test_a_rendered_script_is_still_found_by_its_title(studio, project_id):
    _, script_id = add_script(studio)
    studio.rendering.render(script_id)
    found = find_named(studio, "MyApp 2.0.0")
    assert (found.kind, found.id) == ("script", script_id)


def test_the_list_names_what_each_thing_belongs_to(studio, project_id):
    folder_id = studio.projects.create_folder(project_id, "Releases")
    _, script_id = add_script(studio)
    studio.projects.move("script", script_id, project_id, folder_id)
    studio.rendering.render(script_id)
    found = listing(studio, "MyApp")
    assert found["scripts"][0] == {
        "id": f"s{script_id}",
        "title": "MyApp 2.0.0",
        "document_id": None,
        "project_id": f"p{project_id}",
        "folder_id": f"f{folder_id}",
    }
    take = next(entry for entry in found["recordings"] if entry["type"] == "conversion")
    assert take["script_id"] == f"s{script_id}"
    assert take["path"].endswith(".mp3")
    assert statistics(studio)["takes"] == 1


def test_deleting_hides_and_undo_brings_back(studio, project_id):
    _, script_id = add_script(studio)
    find_named(studio, f"s{script_id}").trash(studio)
    assert listing(studio)["scripts"] == []
    studio.undo()
    assert len(listing(studio)["scripts"]) == 1
