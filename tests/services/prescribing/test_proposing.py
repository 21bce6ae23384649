"""Wider limits need two people; who narrows needs nobody."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from scripted_machine import NOW_MS
from scripted_studio import Studio

from services.access.duration import STAFF_IDLE_MS
from services.access.proof import kept_token
from services.prescribing import operators
from services.prescribing.settings import PrescribingSettings
from services.store import rows, tables
from services.store.engine import writing

KIND = "lumbar_extension"
BECAUSE = {"reason": "Seen together."}
STAFF = "aaaaaaaa-0000-4000-8000-000000000001"
Body = Callable[..., dict[str, object]]


def seen(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def versions(studio: Studio) -> list[dict[str, Any]]:
    held = [row for row in studio.rows(tables.limits) if row["kind"] == KIND]
    return sorted(held, key=lambda row: int(row["version"]))


def narrowed(client: TestClient, url: str, body: dict[str, object]) -> None:
    assert client.put(url, json=body, headers=seen(1)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "wider"),
    [
        ({"max_load_g": 24_100}, ["max_load_g"]),
        ({"phase_cap_g": 12_001}, ["phase_cap_g"]),
        ({"max_torque_nm": 121}, ["max_torque_nm"]),
        ({"pain_green_nrs": 4}, ["pain_green_nrs"]),
        ({"pain_amber_nrs": 6}, ["pain_amber_nrs"]),
        (
            {"sides": {"both": {"lowest_cdeg": 1_799, "highest_cdeg": 5_400, "start_highest_cdeg": 5_400}}},
            ["sides.both"],
        ),
        (
            {"sides": {"both": {"lowest_cdeg": 1_800, "highest_cdeg": 5_401, "start_highest_cdeg": 5_400}}},
            ["sides.both"],
        ),
    ],
)
def test_what_is_wider_is_proposed_and_not_signed(
    client: TestClient, studio: Studio, url: str, new_limits: Body, changes: dict[str, Any], wider: list[str]
) -> None:
    narrowed(client, url, new_limits())
    answer = client.put(url, json=new_limits(**changes), headers=seen(2))
    assert answer.status_code == 202
    assert (answer.json()["wider"], answer.json()["state"]) == (wider, "open")
    assert len(versions(studio)) == 2


def test_the_same_and_narrower_limits_need_one_person(
    client: TestClient, studio: Studio, url: str, new_limits: Body
) -> None:
    narrowed(client, url, new_limits())
    assert client.put(url, json=new_limits(), headers=seen(2)).status_code == 200
    assert client.put(url, json=new_limits(max_load_g=20_000), headers=seen(3)).status_code == 200
    assert len(versions(studio)) == 4


def test_a_second_person_signs_what_the_first_has_proposed(
    client: TestClient, studio: Studio, url: str, new_limits: Body, second: dict[str, str]
) -> None:
    narrowed(client, url, new_limits())
    made = client.put(url, json=new_limits(max_load_g=30_000), headers=seen(2)).json()
    act = f"{url}/proposals/{made['id']}/sign"
    assert client.post(act, json=BECAUSE, headers=seen(2)).status_code == 403
    assert client.post(act, json=BECAUSE, headers=second).status_code == 428
    assert client.post(act, json=BECAUSE, headers=seen(1) | second).status_code == 412
    answer = client.post(act, json=BECAUSE, headers=seen(2) | second)
    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["version"], shown["max_load_g"], shown["signed_by"]) == (3, 30_000, "Dr Wong + Dr Lee")
    assert client.post(act, json=BECAUSE, headers=seen(3) | second).status_code == 409
    actions = [row["action"] for row in studio.rows(tables.audit)][-2:]
    assert actions == ["limits.propose", "limits.sign"]


def test_an_operator_of_the_same_name_is_the_same_person(
    client: TestClient, settings: PrescribingSettings, url: str, new_limits: Body
) -> None:
    narrowed(client, url, new_limits())
    made = client.put(url, json=new_limits(max_load_g=30_000), headers=seen(2)).json()
    twin = {"Authorization": f"Bearer {operators.admit(settings.operators_file(), ' dr wong ')}"}
    answer = client.post(f"{url}/proposals/{made['id']}/sign", json=BECAUSE, headers=seen(2) | twin)
    assert answer.status_code == 403


def test_what_was_signed_meanwhile_overtakes_a_proposal(
    client: TestClient, url: str, new_limits: Body, second: dict[str, str]
) -> None:
    narrowed(client, url, new_limits())
    first = client.put(url, json=new_limits(max_load_g=30_000), headers=seen(2)).json()
    other = client.put(url, json=new_limits(max_load_g=31_000), headers=seen(2)).json()
    states = {row["id"]: row["state"] for row in client.get(f"{url}/proposals").json()["items"]}
    assert states == {first["id"]: "overtaken", other["id"]: "open"}
    assert client.put(url, json=new_limits(max_load_g=20_000), headers=seen(2)).status_code == 200
    answer = client.post(f"{url}/proposals/{other['id']}/sign", json=BECAUSE, headers=seen(3) | second)
    assert answer.status_code == 409


def test_a_proposal_is_withdrawn_once(client: TestClient, url: str, new_limits: Body) -> None:
    narrowed(client, url, new_limits())
    made = client.put(url, json=new_limits(max_load_g=30_000), headers=seen(2)).json()
    act = f"{url}/proposals/{made['id']}/withdraw"
    assert client.post(act, json=BECAUSE, headers=seen(2)).status_code == 204
    assert client.post(act, json=BECAUSE, headers=seen(2)).status_code == 409
    unknown = act.replace(made["id"], STAFF)
    assert client.post(unknown, json=BECAUSE, headers=seen(2)).status_code == 404


def test_to_withdraw_and_sign_anew_is_no_way_around(client: TestClient, url: str, new_limits: Body) -> None:
    narrowed(client, url, new_limits())
    client.post(f"{url}/withdraw", json=BECAUSE, headers=seen(2))
    assert client.put(url, json=new_limits(max_load_g=24_100), headers=seen(3)).status_code == 202
    assert client.put(url, json=new_limits(), headers=seen(3)).status_code == 200


def test_an_older_version_is_restored_by_one_when_it_is_narrower_else_by_two(
    client: TestClient, studio: Studio, url: str, new_limits: Body
) -> None:
    narrowed(client, url, new_limits(max_load_g=20_000))
    wide = client.post(f"{url}/restore", json=BECAUSE | {"version": 1}, headers=seen(2))
    assert (wide.status_code, wide.json()["wider"][0]) == (202, "max_load_g")
    client.put(url, json=new_limits(max_load_g=10_000, phase_cap_g=9_000), headers=seen(2))
    client.put(url, json=new_limits(max_load_g=9_000, phase_cap_g=8_000), headers=seen(3))
    answer = client.post(f"{url}/restore", json=BECAUSE | {"version": 4}, headers=seen(4))
    assert (answer.status_code, answer.json()["version"], answer.json()["max_load_g"]) == (200, 5, 9_000)
    assert studio.rows(tables.audit)[-1]["action"] == "limits.restore"
    assert client.post(f"{url}/restore", json=BECAUSE | {"version": 9}, headers=seen(5)).status_code == 404
    client.post(f"{url}/withdraw", json=BECAUSE, headers=seen(5))
    nothing = client.post(f"{url}/restore", json=BECAUSE | {"version": 6}, headers=seen(6))
    assert nothing.status_code == 409
    assert client.post(f"{url}/restore", json=BECAUSE | {"version": 0}, headers=seen(6)).status_code == 422


@pytest.fixture
def signed_in(studio: Studio) -> Callable[..., dict[str, str]]:
    """Sign a member of staff in, and return the headers."""

    def sign_in(role: str = "clinician", site: str | None = None, **changes: Any) -> dict[str, str]:
        person = {
            "id": STAFF, "login": "wong", "name": "Dr Wong", "language": "en", "step": 0, "active": True,
            "demo": False, "created_ms": NOW_MS,
        }  # fmt: skip
        token = {
            "id": kept_token("t0ken"), "staff_id": STAFF, "role": role, "made_ms": NOW_MS, "seen_ms": NOW_MS,
            "until_ms": NOW_MS + 10**8, "stepped_up_until_ms": NOW_MS + 10**6,
        } | changes  # fmt: skip
        has = {"id": STAFF, "staff_id": STAFF, "role": role, "site_id": site}
        with writing(studio.engine) as connection:
            rows.insert_rows(connection, tables.staff_member, [person])
            rows.insert_rows(connection, tables.staff_role, [has])
            rows.insert_rows(connection, tables.token, [token])
        return {"Authorization": "Bearer t0ken"}

    return sign_in


def test_a_clinician_who_stepped_up_signs_under_the_own_name(
    stranger: TestClient, studio: Studio, url: str, new_limits: Body, signed_in: Any
) -> None:
    answer = stranger.put(url, json=new_limits(), headers=seen(1) | signed_in())
    assert (answer.status_code, answer.json()["signed_by"]) == (200, "Dr Wong")
    assert studio.rows(tables.audit)[-1]["actor"] == STAFF


@pytest.mark.parametrize(
    ("changes", "answers"),
    [
        ({"role": "therapist"}, (403, 403)),
        ({"role": "admin"}, (403, 403)),
        ({"stepped_up_until_ms": NOW_MS}, (200, 403)),
        ({"seen_ms": NOW_MS - STAFF_IDLE_MS}, (401, 401)),
        ({"until_ms": NOW_MS}, (401, 401)),
        ({"revoked_ms": NOW_MS - 1}, (401, 401)),
        ({"site": "elsewhere"}, (404, 404)),
    ],
)
def test_other_tokens_sign_nothing(
    stranger: TestClient,
    studio: Studio,
    url: str,
    signed_in: Any,
    changes: dict[str, Any],
    answers: tuple[int, int],
) -> None:
    with writing(studio.engine) as connection:
        site = {"id": "elsewhere", "name": "Elsewhere", "time_zone": "UTC"}
        rows.insert_rows(connection, tables.site, [site])
    headers = signed_in(**changes)
    read = stranger.get(url, headers=headers)
    signed = stranger.post(f"{url}/withdraw", json=BECAUSE, headers=seen(1) | headers)
    assert (read.status_code, signed.status_code) == answers
    assert len(versions(studio)) == 1


def test_a_name_that_is_sealed_from_this_process_is_shown_as_the_id(
    tmp_path: Path, studio: Studio, signed_in: Any
) -> None:
    from services.keys.identity import make_identity_key, read_identity_keys  # noqa: PLC0415 (this test alone)
    from services.sealing import Vault  # noqa: PLC0415 (as above)
    from services.store.reading.signers import signer_of  # noqa: PLC0415 (as above)

    signed_in()
    make_identity_key(tmp_path)
    vault = Vault(*read_identity_keys(tmp_path))
    with writing(studio.engine) as connection:
        sealed = vault.seal("Dr Wong", "name")
        connection.exec_driver_sql("UPDATE staff_member SET name = ?", (sealed,))
    with studio.engine.connect() as connection:
        signer = signer_of(connection, "t0ken", NOW_MS)
    assert signer is not None
    assert signer.name == STAFF
