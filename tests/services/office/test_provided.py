"""Whoever is on the way from an identity provider is let in only while the account still stands."""

from collections.abc import Callable

import pytest
from provided_people import ProvidedPeople

from services.office import staff
from services.office.provided import NeedsCode
from services.office.signing_in import Denied, Let
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
