from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from declaim.ui.main_thread import MainThread


def test_what_a_worker_posts_runs_in_the_main_thread(qtbot):
    door, ran = MainThread(), []
    with ThreadPoolExecutor(1) as pool:
        pool.submit(door.post, lambda: ran.append(threading.current_thread()))
    qtbot.waitUntil(lambda: bool(ran))
    assert ran == [threading.main_thread()]


def test_what_is_posted_runs_in_order(qtbot):
    door, ran = MainThread(), []
    for number in range(100):
        door.post(lambda number=number: ran.append(number))
    assert ran == []
    qtbot.waitUntil(lambda: len(ran) == 100)
    assert ran == sorted(ran)


def test_posting_after_the_window_has_gone_is_harmless(qtbot):
    door = MainThread()
    door.deleteLater()
    qtbot.waitUntil(lambda: not _is_alive(door))
    door.post(lambda: None)


def _is_alive(door):
    try:
        door.objectName()
    except RuntimeError:
        return False
    return True
