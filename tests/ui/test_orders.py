from __future__ import annotations

import pytest

from declaim.errors import Cancelled, InputError


def test_an_order_gives_what_it_returned(orders, refusals):
    assert orders.give(lambda: 7) == 7
    assert refusals == []


def test_a_refused_order_says_why(orders, refusals):
    error = InputError("No.", cure="Try another.")

    def refuse():
        raise error

    assert orders.give(refuse) is None
    assert refusals == [error]


def test_a_stop_that_the_user_asked_for_says_nothing(orders, refusals):
    orders.refuse(Cancelled())
    assert refusals == []


def test_a_bug_is_not_shown_as_a_refusal(orders, refusals):
    with pytest.raises(KeyError):
        orders.refuse(KeyError("x"))
    with pytest.raises(ZeroDivisionError):
        orders.give(lambda: 1 / 0)
    assert refusals == []
