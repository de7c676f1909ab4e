"""The turnstile in front of the embedded engine."""

import threading
import time

import pytest

from search.embedded.turnstile import Turnstile, readers_at_once


def test_no_more_are_within_than_there_are_places() -> None:
    turnstile, guard = Turnstile(2), threading.Lock()
    within = most = 0

    def visit() -> None:
        nonlocal within, most
        with turnstile:
            with guard:
                within += 1
                most = max(most, within)
            time.sleep(0.01)
            with guard:
                within -= 1

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert (within, most) == (0, 2)


def test_who_comes_first_enters_first() -> None:
    turnstile = Turnstile(1)
    entered: list[int] = []

    def visit(number: int) -> None:
        with turnstile:
            entered.append(number)

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(5)]
    with turnstile:
        for visitor in visitors:
            visitor.start()
            time.sleep(0.02)
        assert entered == []
    for visitor in visitors:
        visitor.join()
    assert entered == [0, 1, 2, 3, 4]


def test_a_failure_within_gives_the_place_back() -> None:
    turnstile = Turnstile(1)
    with pytest.raises(ValueError, match="within"), turnstile:
        raise ValueError("within")
    with turnstile:
        pass


def test_every_machine_has_room_for_readers() -> None:
    assert readers_at_once() >= 2
