"""Made once, whoever comes first."""

from __future__ import annotations

import threading
import time

import pytest

from declaim.voices.once import Once


def test_many_threads_get_the_same_one():
    made = []

    def make():
        time.sleep(0.01)
        made.append(object())
        return made[-1]

    once, got = Once(make), []
    threads = [threading.Thread(target=lambda: got.append(once.get())) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert set(got) == set(made)


def test_a_failure_is_tried_again():
    answers = iter([OSError("busy"), "ready"])

    def make():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    once = Once(make)
    with pytest.raises(OSError, match="busy"):
        once.get()
    assert once.get() == "ready"
