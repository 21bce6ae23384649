"""What hangs on the database: versions stand on one another on each of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from scripted_studio import Studio

from services.store import tables

KIND = "lumbar_extension"


@pytest.fixture
def database(database_url: str) -> str:
    return database_url


def test_of_several_who_saw_the_same_version_one_signs(
    client: TestClient, studio: Studio, new_limits: Callable[..., dict[str, object]]
) -> None:
    url = f"/v1/patients/{studio.rows(tables.patient)[0]['id']}/limits/{KIND}"

    def put(load_g: int) -> int:
        seen = {"If-Match": '"1"'}
        return client.put(url, json=new_limits(max_load_g=load_g), headers=seen).status_code

    with ThreadPoolExecutor(4) as threads:
        statuses = list(threads.map(put, (10_000, 20_000, 30_000, 40_000)))

    assert sorted(statuses) == [200, 412, 412, 412]
    held = [row for row in studio.rows(tables.limits) if row["kind"] == KIND]
    assert [row["version"] for row in held] == [1, 2]
    assert client.get(url).json()["max_load_g"] == (10_000, 20_000, 30_000, 40_000)[statuses.index(200)]
    entries = [row for row in studio.rows(tables.audit) if row["detail"].get("version") == 2]
    assert len(entries) == 1
