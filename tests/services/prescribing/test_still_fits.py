"""What is signed or renewed later must still fit: the countersigned capacity, and the age of a proposal."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from scripted_machine import NOW_MS
from scripted_studio import Studio

from services.prescribing.proposing import LAPSE_DAYS
from services.prescribing.sign import DAY_MS
from services.store import rows, tables
from services.store.engine import writing

KIND = "lumbar_extension"
BECAUSE = {"reason": "Seen together."}
LAPSE_MS = LAPSE_DAYS * DAY_MS
Body = Callable[..., dict[str, object]]


def seen(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


@pytest.fixture
def wider(client: TestClient, url: str, new_limits: Body) -> str:
    """The path of a proposal of wider limits, on top of version 2."""
    assert client.put(url, json=new_limits(), headers=seen(1)).status_code == 200
    made = client.put(url, json=new_limits(max_load_g=30_000), headers=seen(2))
    return f"{url}/proposals/{made.json()['id']}"


def countersign(studio: Studio, capacity_g: int) -> None:
    row = {
        "id": "aaaaaaaa-0000-4000-8000-000000000002",
        "patient_id": studio.rows(tables.patient)[0]["id"],
        "kind": KIND,
        "capacity_g": capacity_g,
        "reason": "test",
        "by_id": "x",
        "by_name": "x",
        "at_ms": NOW_MS,
    }
    with writing(studio.engine) as connection:
        rows.insert_rows(connection, tables.capacity, [row])


def test_no_cap_is_signed_above_the_phases_share_of_the_countersigned_capacity(
    client: TestClient, studio: Studio, url: str, new_limits: Body
) -> None:
    countersign(studio, 26_000)
    answer = client.put(url, json=new_limits(phase_cap_g=11_701), headers=seen(1))  # 45 % in build
    assert answer.status_code == 422
    assert answer.json()["mistakes"][0]["where"] == "body.phase_cap_g"
    assert client.put(url, json=new_limits(phase_cap_g=11_700), headers=seen(1)).status_code == 200


def test_what_a_capacity_that_came_later_forbids_is_neither_signed_nor_renewed(
    client: TestClient, studio: Studio, url: str, wider: str, second: dict[str, str]
) -> None:
    countersign(studio, 26_000)
    signed = client.post(f"{wider}/sign", json=BECAUSE, headers=seen(2) | second)
    renewed = client.post(f"{url}/renew", json=BECAUSE, headers=seen(2))
    for answer in (signed, renewed):
        assert answer.status_code == 409
        assert answer.json()["mistakes"][0]["where"] == "limits.phase_cap_g"
    assert client.get(url).json()["version"] == 2


@pytest.mark.parametrize("case", [(LAPSE_MS - 1, "open", 200), (LAPSE_MS, "lapsed", 409)])
def test_a_proposal_lapses(
    client: TestClient, studio: Studio, wider: str, second: dict[str, str], case: tuple[int, str, int]
) -> None:
    age_ms, state, status = case
    with writing(studio.engine) as connection:
        connection.execute(tables.limits_proposal.update().values(at_ms=NOW_MS - age_ms))
    (shown,) = client.get(wider.rpartition("/")[0]).json()["items"]
    assert shown["state"] == state
    answer = client.post(f"{wider}/sign", json=BECAUSE, headers=seen(2) | second)
    assert answer.status_code == status
