"""Who signs beside a proposer: certainly somebody else, also where names are sealed from this process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from scripted_machine import NOW_MS
from scripted_studio import Studio

from services.access.proof import kept_token
from services.keys.identity import make_identity_key, read_identity_keys
from services.prescribing import operators
from services.prescribing.second_person import Signer, are_two
from services.prescribing.settings import PrescribingSettings
from services.sealing import Vault
from services.store import rows, tables
from services.store.engine import writing

WONG, LEE = ("aaaaaaaa-0000-4000-8000-00000000000" + digit for digit in "12")
Headers = dict[str, str]
SignIn = Callable[[str, str], Headers]
Listed = Callable[..., Headers]
Signed = Callable[[Headers, Headers], int]


def named(name: str) -> Signer:
    return Signer(id=name, name=name, has_account=False)


def account(number: str, name: str) -> Signer:
    return Signer(id=number, name=name, has_account=True)


@pytest.mark.parametrize("name", ["Dr Wong", " dr WONG", "Wong", "Dr. Amy Wong", ""])
def test_names_of_which_one_is_in_the_other_are_one_person(name: str) -> None:
    assert not are_two(named("Dr Wong"), named(name))
    assert not are_two(named(name), named("Dr Wong"))


def test_two_names_and_two_accounts_are_two_people() -> None:
    assert are_two(named("Dr Wong"), named("Dr Lee"))
    assert are_two(account("a", "a"), account("b", "Dr Wong"))
    assert are_two(account("a", "Dr Wong"), account("b", "Wong"))


def test_one_account_is_one_person_and_so_is_one_name_on_two_accounts() -> None:
    assert not are_two(account("a", "Dr Wong"), account("a", "Dr Lee"))
    assert not are_two(account("a", "Dr Wong"), account("b", "dr wong"))


def test_a_name_and_an_account_are_never_two_people() -> None:
    assert not are_two(named("Dr Wong"), account("b", "Dr Lee"))
    assert not are_two(account("b", "b"), named("Dr Wong"))


@pytest.fixture
def signed_in(studio: Studio, tmp_path: Path) -> SignIn:
    """Sign a clinician in whose name is sealed, and return the headers."""
    make_identity_key(tmp_path)
    vault = Vault(*read_identity_keys(tmp_path))

    def sign_in(number: str, name: str) -> Headers:
        person = {
            "id": number, "login": number, "name": "", "language": "en", "step": 0, "active": True,
            "demo": False, "created_ms": NOW_MS,
        }  # fmt: skip
        token = {
            "id": kept_token(number), "staff_id": number, "role": "clinician", "made_ms": NOW_MS,
            "seen_ms": NOW_MS, "until_ms": NOW_MS + 10**8, "stepped_up_until_ms": NOW_MS + 10**6,
        }  # fmt: skip
        has = {"id": number, "staff_id": number, "role": "clinician", "site_id": None}
        with writing(studio.engine) as connection:
            rows.insert_rows(connection, tables.staff_member, [person])
            rows.insert_rows(connection, tables.staff_role, [has])
            rows.insert_rows(connection, tables.token, [token])
            sealed = vault.seal(name, "name")
            connection.exec_driver_sql("UPDATE staff_member SET name = ? WHERE id = ?", (sealed, number))
        return {"Authorization": f"Bearer {number}"}

    return sign_in


@pytest.fixture
def listed(settings: PrescribingSettings) -> Listed:
    """List an operator, and return the headers."""

    def admit(name: str, account: str | None = None) -> Headers:
        token = operators.admit(settings.operators_file(), name, staff=account)
        return {"Authorization": f"Bearer {token}"}

    return admit


@pytest.fixture
def signed(stranger: TestClient, studio: Studio, new_limits: Callable[..., Any]) -> Signed:
    """Propose wider limits with one token, sign them with another, and return the answer's status."""
    patient = studio.rows(tables.patient)[0]["id"]
    url = f"/v1/patients/{patient}/limits/lumbar_extension"
    seen = {"If-Match": '"2"'}

    def sign(first: Headers, second: Headers) -> int:
        narrowed = stranger.put(url, json=new_limits(), headers={"If-Match": '"1"'} | first)
        assert narrowed.status_code == 200
        made = stranger.put(url, json=new_limits(max_load_g=30_000), headers=seen | first)
        assert made.status_code == 202
        act = f"{url}/proposals/{made.json()['id']}/sign"
        return stranger.post(act, json={"reason": "Seen together."}, headers=seen | second).status_code

    return sign


@pytest.mark.parametrize("name", ["Dr Wong", "Dr Lee"])
@pytest.mark.parametrize("operator_first", [True, False])
def test_a_name_and_an_account_never_widen_together(
    signed: Signed, signed_in: SignIn, listed: Listed, name: str, operator_first: bool
) -> None:
    both = [listed(name), signed_in(WONG, "Dr Wong")]
    first, second = both if operator_first else reversed(both)
    assert signed(first, second) == 403


def test_an_operator_of_the_own_account_is_no_second_person(
    signed: Signed, signed_in: SignIn, listed: Listed
) -> None:
    assert signed(signed_in(WONG, "Dr Wong"), listed("The clinic", WONG)) == 403


def test_an_operator_of_another_account_is_a_second_person(
    signed: Signed, signed_in: SignIn, listed: Listed
) -> None:
    signed_in(LEE, "Dr Lee")
    assert signed(signed_in(WONG, "Dr Wong"), listed("Dr Lee", LEE)) == 200


def test_an_operator_of_no_account_that_is_open_is_nobody(
    stranger: TestClient, studio: Studio, signed_in: SignIn, listed: Listed
) -> None:
    url = f"/v1/patients/{studio.rows(tables.patient)[0]['id']}/limits/lumbar_extension"
    unknown = listed("Dr Wong", WONG)
    assert stranger.get(url, headers=unknown).status_code == 401
    signed_in(WONG, "Dr Wong")
    assert stranger.get(url, headers=unknown).status_code == 200
    with writing(studio.engine) as connection:
        rows.change(connection, tables.staff_member, ("id",), [{"id": WONG, "active": False}])
    assert stranger.get(url, headers=unknown).status_code == 401


def test_two_spellings_of_one_name_are_no_two_operators(signed: Signed, listed: Listed) -> None:
    assert signed(listed("Dr Wong"), listed("Wong")) == 403


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ({"id": LEE, "raised_by": WONG}, 403),
        ({"id": LEE, "raised_by": "root", "waits_since_ms": NOW_MS}, 401),
        ({"id": LEE, "raised_by": "root"}, 200),
    ],
)
def test_two_accounts_of_which_one_let_the_other_in_are_not_two_people(
    signed: Signed, studio: Studio, signed_in: SignIn, state: dict[str, Any], status: int
) -> None:
    wong, lee = signed_in(WONG, "Dr Wong"), signed_in(LEE, "Dr Lee")
    with writing(studio.engine) as connection:
        rows.change(connection, tables.staff_member, ("id",), [state])
    assert signed(wong, lee) == status


def test_an_operator_of_an_account_that_waits_is_no_second_person(
    signed: Signed, studio: Studio, signed_in: SignIn, listed: Listed
) -> None:
    wong = signed_in(WONG, "Dr Wong")
    signed_in(LEE, "Dr Lee")
    with writing(studio.engine) as connection:
        rows.change(connection, tables.staff_member, ("id",), [{"id": LEE, "waits_since_ms": NOW_MS}])
    assert signed(wong, listed("Dr Lee", LEE)) == 403
