"""Whoever is on the way from an identity provider is let in only while the account still stands."""

from collections.abc import Callable

import pytest
from provided_people import ISSUER, NOW_MS, ProvidedPeople
from sqlalchemy import select

from services.audit.entry import Entry, shown
from services.office import staff
from services.office.provided import NeedsCode
from services.office.signing_in import Denied, Let
from services.store import tables
from services.store.engine import writing


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
