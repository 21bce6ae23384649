import pytest

from services.access import ALLOWED, Actor, Scope, Thing, authorize, may
from services.access.actor import Role

HERE = Scope(sites=frozenset(("hk-1",)))
PERSON = Thing(kind="patient", origin="real", id="p", site="hk-1", patient="p")


def actor(role: Role, scope: Scope = HERE) -> Actor:
    return Actor(id="a", name="Dr Wong", role=role, scope=scope)


def test_what_is_not_listed_is_refused() -> None:
    assert not authorize(actor("therapist"), "erase", PERSON)
    assert not authorize(actor("anonymous"), "read", PERSON)


def test_only_a_clinician_signs_limits() -> None:
    signers = [role for role in ALLOWED if may(role, "sign", "limits")]
    assert signers == ["clinician"]


def test_an_admin_reads_no_health_data() -> None:
    for kind in ("patient", "session", "decision", "visit", "floor", "alert"):
        assert not may("admin", "read", kind)


@pytest.mark.parametrize("role", ["therapist", "clinician"])
def test_staff_reach_their_own_sites_only(role: Role) -> None:
    assert authorize(actor(role), "read", PERSON)
    elsewhere = Scope(sites=frozenset(("hk-2",)))
    assert not authorize(actor(role, elsewhere), "read", PERSON)


def test_patients_reach_themselves_only() -> None:
    assert authorize(actor("patient", Scope(patient="p")), "read", PERSON)
    assert not authorize(actor("patient", Scope(patient="q")), "read", PERSON)
    nobodys = Thing(kind="session", origin="real", id="s", site="hk-1", patient=None)
    assert not authorize(actor("patient", Scope(patient="p")), "read", nobodys)


def test_whoever_has_signed_in_has_an_account() -> None:
    assert may("auditor", "read", "account")
    assert not may("anonymous", "read", "account")
