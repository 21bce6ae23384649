"""Whoever is on the way from an identity provider is let in only while the account still stands."""

from collections.abc import Callable

import pytest
from provided_people import ISSUER, NOW_MS, ProvidedPeople
from sqlalchemy import func, select

from services.access.tries import MOST, WINDOW_MS
from services.audit.entry import Entry, shown
from services.office import provided, staff
from services.office.provided import Back, NeedsCode
from services.office.signing_in import UNKNOWN, Denied, Let, Place
from services.store import tables, trips
from services.store.engine import writing
from services.store.trips import FEW


def disable(people: ProvidedPeople, staff_id: str) -> None:
    with writing(people.engine) as connection:
        assert staff.disable(connection, staff_id, "admin", people.later()) is None


def reset(people: ProvidedPeople, staff_id: str) -> None:
    with writing(people.engine) as connection:
        staff.reset(connection, staff_id, "admin", people.later(), is_vouched=True)


def change_role(people: ProvidedPeople, staff_id: str) -> None:
    with writing(people.engine) as connection:
        assert staff.change_role(connection, staff_id, ("auditor", None), "admin", people.later()) is None


def relink(people: ProvidedPeople, staff_id: str) -> None:
    people.link(staff_id, is_vouched=True, subject="another")


ACTS: tuple[tuple[Callable[[ProvidedPeople, str], None] | None, type], ...] = (
    (None, Let),
    (ProvidedPeople.unlink, Denied),
    (relink, Denied),
    (disable, Denied),
    (reset, Denied),
    (change_role, Denied),
)


@pytest.mark.parametrize(("act", "kind"), ACTS)
def test_an_account_that_is_changed_before_the_own_code_comes_lets_nobody_in(
    provided_people: ProvidedPeople, act: Callable[[ProvidedPeople, str], None] | None, kind: type
) -> None:
    invited = provided_people.invite("x", is_vouched=True)
    seed = provided_people.take_up(invited.code)
    assert seed is not None
    provided_people.link(invited.id, is_vouched=True, subject="x")
    secret, outcome = provided_people.come("x", has_second=False)
    assert isinstance(outcome, NeedsCode)
    if act is not None:
        act(provided_people, invited.id)
    assert isinstance(provided_people.add_code(secret, seed), kind)


def test_the_audit_can_show_to_whom_an_account_was_linked(provided_people: ProvidedPeople) -> None:
    invited = provided_people.invite("x", is_vouched=True)
    provided_people.link(invited.id, is_vouched=True, email="X@studio.example")
    assert isinstance(provided_people.come("true-x", "x@studio.example")[1], Let)
    provided_people.link(invited.id, is_vouched=True, subject="another")
    audit = tables.audit.c
    linked = audit.action.startswith("staff.link")
    with provided_people.engine.connect() as connection:
        rows = connection.execute(select(tables.audit).where(linked).order_by(audit.id)).all()
    wanted = [("link", "email", "x@studio.example"), ("link_bound", "subject", "true-x")]
    for row, (verb, kind, name) in zip(rows, [*wanted, ("link", "subject", "another")], strict=True):
        detail = {"kind": kind, "person": [ISSUER, name]}
        said = Entry(
            at_ms=row.at_ms,
            actor=row.actor,
            action=f"staff.{verb}",
            thing="staff",
            thing_id=invited.id,
            detail=detail,
        )
        assert row.detail == shown(said, b"")
        assert name not in str(row.detail)
        assert row.at_ms > NOW_MS


def place(number: int) -> Place:
    return Place(name=f"address/192.0.2.{number}", is_enrolled=False)


def count(people: ProvidedPeople, what: str) -> int:
    """Count the trips that are open, or the refusals in the audit."""
    refused = tables.audit.c.action == "staff.provider_refused"
    wanted = {
        "open": select(func.count()).select_from(tables.sign_in_trip),
        "refused": select(func.count()).select_from(tables.audit).where(refused),
    }
    with people.engine.connect() as connection:
        return int(connection.scalar(wanted[what]) or 0)


def test_who_sets_out_again_and_again_ends_no_trip_of_another_network_and_fills_nothing(
    provided_people: ProvidedPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trips, "OPEN_MOST", FEW + 10)
    here, there = place(1), place(2)
    mine = [set_out(provided_people, here) for _ in range(3)]  # the oldest of all
    flood = [set_out(provided_people, there) for _ in range(50)]
    assert count(provided_people, "open") == FEW + 10
    assert isinstance(provided_people.come_back(flood[0], there), Denied)
    assert isinstance(provided_people.come_back(flood[-1], there), Back)
    assert [type(provided_people.come_back(secret, here)) for secret in mine] == [Back] * 3


def test_a_hundred_who_set_out_from_one_network_end_no_trip_of_a_colleague_there(
    provided_people: ProvidedPeople,
) -> None:
    mine = set_out(provided_people, place(1))
    for _ in range(100):
        set_out(provided_people, place(1))
    assert isinstance(provided_people.come_back(mine, place(1)), Back)


def test_a_flood_from_many_networks_does_not_pick_out_an_office_that_has_more_than_each(
    provided_people: ProvidedPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trips, "OPEN_MOST", FEW * 3)
    first = set_out(provided_people, place(2))
    office = [set_out(provided_people, place(1)) for _ in range(FEW)]
    for number in range(3, 3 + FEW * 2):
        set_out(provided_people, place(number))
    assert isinstance(provided_people.come_back(first, place(2)), Denied)  # the oldest of anybody
    assert isinstance(provided_people.come_back(office[0], place(1)), Back)


def test_a_flood_from_all_of_an_ipv6_network_is_of_one_place(
    provided_people: ProvidedPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trips, "OPEN_MOST", FEW + 10)
    mine = set_out(provided_people, Place(name="address/2001:db8:1::", is_enrolled=False))
    for number in range(50):
        set_out(provided_people, Place(name=f"address/2001:db8:2:{number:x}::", is_enrolled=False))
    assert isinstance(provided_people.come_back(mine, place(1)), Back)


def set_out(people: ProvidedPeople, where: Place) -> str:
    people.now_ms += 1
    return provided.set_out(people.engine, "/", None, where, people.now_ms)


def test_strangers_who_come_back_with_nothing_close_the_door_for_their_own_device_alone(
    provided_people: ProvidedPeople,
) -> None:
    devices = MOST["everybody"] // MOST["device"] + 1
    found = [provided_people.come_back("junk", place(1)) for _ in range(MOST["device"] + 1)]
    assert [isinstance(one, Denied) and one.wait_ms > 0 for one in found] == [False] * MOST["device"] + [True]
    for number in range(2, devices + 1):
        for _ in range(MOST["device"]):
            provided_people.come_back("junk", place(number))
    assert count(provided_people, "refused") == MOST["everybody"]  # of a hundred thousand it keeps no more
    here = place(devices + 1)
    secret = provided.set_out(provided_people.engine, "/", None, here, provided_people.now_ms)
    assert isinstance(provided_people.come_back(secret, here), Back)


def test_of_strangers_beyond_the_counter_one_entry_says_how_many(provided_people: ProvidedPeople) -> None:
    now_ms, beyond = provided_people.later(), 3

    def refuse(at_ms: int) -> None:
        with writing(provided_people.engine) as connection:
            provided.refuse(connection, "state", UNKNOWN, at_ms)

    for _ in range(MOST["everybody"] + beyond):
        refuse(now_ms)
    assert unwritten(provided_people) == []
    with writing(provided_people.engine) as connection:
        provided.tell_unwritten(connection, now_ms + WINDOW_MS - 1)
    assert unwritten(provided_people) == []
    refuse(now_ms + WINDOW_MS)
    with writing(provided_people.engine) as connection:
        provided.tell_unwritten(connection, now_ms + WINDOW_MS)
    assert unwritten(provided_people) == [beyond]
    assert count(provided_people, "refused") == MOST["everybody"] + 1 + 1


def unwritten(people: ProvidedPeople) -> list[int]:
    with people.engine.connect() as connection:
        details = connection.scalars(select(tables.audit.c.detail)).all()
    return [detail["count"] for detail in details if detail.get("code") == "unwritten"]


def test_open_trips_are_bounded_from_however_many_places(
    provided_people: ProvidedPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trips, "OPEN_MOST", 3)
    secrets = [
        provided.set_out(provided_people.engine, "/", None, place(number), provided_people.later())
        for number in range(1, 6)
    ]
    assert count(provided_people, "open") == 3
    outcomes = [type(provided_people.come_back(secret, place(9))) for secret in secrets]
    assert outcomes == [Denied] * 2 + [Back] * 3


def test_a_trip_comes_back_once(provided_people: ProvidedPeople) -> None:
    secret = provided.set_out(provided_people.engine, "/", None, place(1), provided_people.later())
    found = [provided_people.come_back(secret, place(1)) for _ in range(2)]
    assert [type(one) for one in found] == [Back, Denied]
    assert count(provided_people, "open") == 1  # of the first, which is still on the way
