"""The gate bounds workers and load, in order of arrival."""

from __future__ import annotations

import threading
import time

from declaim.voices.gate import Gate


def _most_at_once(gate, loads):
    running, seen, lock = [], [], threading.Lock()

    def work(load):
        with gate.passing(load):
            with lock:
                running.append(load)
                seen.append((len(running), sum(running)))
            time.sleep(0.005)
            with lock:
                running.remove(load)

    threads = [threading.Thread(target=work, args=(load,)) for load in loads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(count for count, _ in seen), max(total for _, total in seen)


def test_no_more_workers_and_load_pass_than_allowed():
    count, load = _most_at_once(Gate(workers=2, load=100), [40, 50, 60, 70, 10] * 4)
    assert count <= 2
    assert load <= 100


def test_a_load_above_the_limit_passes_alone():
    count, _ = _most_at_once(Gate(workers=4, load=10), [50, 50, 50])
    assert count == 1


def test_an_error_inside_gives_the_room_back():
    gate = Gate(workers=1, load=10)
    for _ in range(2):
        try:
            with gate.passing(5):
                raise ValueError
        except ValueError:
            continue
    assert _most_at_once(gate, [1]) == (1, 1)
