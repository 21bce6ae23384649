"""A confirmation holds for the ways to sign in that were there, and for no later one."""

import pytest
from provided_people import ProvidedPeople
from sqlalchemy import update

from services.office.signing_in import Let, Waits
from services.store import tables
from services.store.engine import writing
from services.store.waiting import accounts


def test_an_invitation_that_is_still_open_ends_with_the_confirmation(
    provided_people: ProvidedPeople,
) -> None:
    invited = provided_people.invite("y")
    provided_people.link(invited.id, subject="true-y")
    assert isinstance(provided_people.come("true-y")[1], Waits)
    assert provided_people.confirm(invited.id) is None
    assert provided_people.take_up(invited.code) is None
    assert isinstance(provided_people.come("true-y")[1], Let)


def test_nobody_is_confirmed_while_a_linked_address_leads_to_nobody_known(
    provided_people: ProvidedPeople,
) -> None:
    invited = provided_people.invite("x")
    seed = provided_people.take_up(invited.code)
    assert seed is not None
    assert provided_people.confirm(invited.id) is None
    assert isinstance(provided_people.type_passphrase("x", seed), Let)
    provided_people.link(invited.id, email="someone@studio.example")
    with provided_people.engine.connect() as connection:
        assert accounts(connection) == []  # nobody is asked to confirm it yet
    assert "e-mail" in str(provided_people.confirm(invited.id))
    assert isinstance(provided_people.come("someone", "someone@studio.example")[1], Waits)
    assert provided_people.confirm(invited.id) is None
    assert isinstance(provided_people.come("someone")[1], Let)


@pytest.mark.parametrize("is_vouched", [True, False])
def test_a_way_that_comes_after_a_confirmation_is_confirmed_anew(
    provided_people: ProvidedPeople, *, is_vouched: bool
) -> None:
    """As stores have it in which an account was confirmed with an open link or an open invitation."""
    by_link = provided_people.invite("x", is_vouched=is_vouched)
    provided_people.link(by_link.id, is_vouched=is_vouched, email="x@studio.example")
    by_code = provided_people.invite("y", is_vouched=is_vouched)
    staff_member = tables.staff_member
    with writing(provided_people.engine) as connection:
        connection.execute(update(staff_member).values(waits_since_ms=None))
    kind = Let if is_vouched else Waits
    assert isinstance(provided_people.come("x", "x@studio.example")[1], kind)
    seed = provided_people.take_up(by_code.code)
    assert seed is not None
    assert isinstance(provided_people.type_passphrase("y", seed), kind)
