"""Whoever guesses learns nothing of who is known, and is stopped before anything is hashed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import pytest
from door_people import PIN, DoorPeople
from httpx2 import Response
from sqlalchemy import event, select

from services.access.tries import MOST, WINDOW_MS
from services.store import tables

WRONG = "kettle umbra vowel tangents"
WRONG_PIN = "000000"
Try = Callable[[DoorPeople, str], Response]


def _by_passphrase(door: DoorPeople, login: str) -> Response:
    return door.sign_in(login, "A" * 32, passphrase=WRONG)


def _by_pin(door: DoorPeople, code: str, pin: str = WRONG_PIN) -> Response:
    return door.client.post("/v1/sign-in/patient", json={"code": code, "pin": pin})


def _actions(door: DoorPeople) -> list[str]:
    with door.studio.engine.connect() as connection:
        return list(connection.scalars(select(tables.audit.c.action).order_by(tables.audit.c.id)))


@contextmanager
def _statements(door: DoorPeople) -> Iterator[list[str]]:
    """Write down what the database is asked, without the values."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(door.studio.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(door.studio.engine, "before_cursor_execute", note)


@pytest.mark.parametrize(("attempt", "known"), [(_by_passphrase, "mei"), (_by_pin, "P01")])
def test_who_is_unknown_costs_the_same_hashes_and_statements_as_who_is_known(
    door: DoorPeople, attempt: Try, known: str
) -> None:
    door.staff("mei", "therapist")
    door.patient("P01")
    attempt(door, "first")  # makes the counters of this device
    answers, costs = [], []
    for name in (known, "unknown"):
        before = door.context.door.proofs.hashed
        with _statements(door) as said:
            answers.append(attempt(door, name).json() | {"instance": ""})
        costs.append((door.context.door.proofs.hashed - before, said))
    assert answers[0] == answers[1]
    assert [hashed for hashed, _ in costs] == [1, 1]
    assert costs[0] == costs[1]
    assert len(costs[0][1]) > 5


def test_guessing_a_passphrase_is_stopped_before_anything_is_hashed(
    door: DoorPeople, counted: Callable[[int], int]
) -> None:
    _, seed = door.staff("mei", "therapist")
    _guess(door, counted(1_000), lambda: _by_passphrase(door, "mei"))
    assert door.sign_in("mei", seed).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert _actions(door).count("staff.locked") == 1
    door.now_ms += WINDOW_MS
    assert door.sign_in("mei", seed).status_code == HTTPStatus.OK


def test_guessing_a_pin_is_stopped_before_anything_is_hashed(
    door: DoorPeople, counted: Callable[[int], int]
) -> None:
    door.patient("P01")
    pins = (f"{number:06}" for number in range(1_000))
    _guess(door, counted(1_000), lambda: _by_pin(door, "P01", next(pins)))
    assert _by_pin(door, "P01", PIN).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert _actions(door).count("patient.locked") == 1
    assert "patient.sign_in" not in _actions(door)
    door.now_ms += WINDOW_MS
    assert _by_pin(door, "P01", PIN).status_code == HTTPStatus.OK


def _guess(door: DoorPeople, tries: int, attempt: Callable[[], Response]) -> None:
    """Try that often within one window, and see who was let try."""
    began, before, statuses = door.now_ms, door.context.door.proofs.hashed, []
    for _ in range(tries):
        last = attempt()
        statuses.append(last.status_code)
        door.now_ms += (WINDOW_MS - 1_000) // tries
    assert door.now_ms - began < WINDOW_MS
    assert door.context.door.proofs.hashed - before == MOST["account"]
    judged, turned_away = statuses[: MOST["account"]], statuses[MOST["account"] :]
    assert set(judged) == {HTTPStatus.UNAUTHORIZED}
    assert set(turned_away) == {HTTPStatus.TOO_MANY_REQUESTS}
    assert 0 < int(last.headers["retry-after"]) <= WINDOW_MS // 1_000


def test_one_device_cannot_try_many_accounts(door: DoorPeople) -> None:
    proofs = door.context.door.proofs
    before = proofs.hashed
    for number in range(MOST["device"] + 10):
        door.sign_in(f"person-{number}", "A" * 32)
    assert proofs.hashed - before == MOST["device"]
