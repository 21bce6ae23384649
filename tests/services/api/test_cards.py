"""Badges and PINs over the API: shown once, kept as hashes, replaced, locked and taken away."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from new_people import body
from sqlalchemy import select
from studio_rows import StudioRows, named

from services.access import Actor
from services.store import tables
from services.store.enrolment import has_consent

CHAN = named("Chan Mei Ling")
WHO = "/v1/patients"
SITE = "/v1/sites/studio/patients"
Ask = Callable[..., Actor]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")


def test_who_joins_gets_a_code_and_a_pin_once(studio: StudioRows, client: TestClient, as_role: Ask) -> None:
    as_role("therapist")
    answer = client.post(SITE, json=body(badge="04A2B91C"))
    assert answer.status_code == 201
    joined = answer.json()
    assert (len(joined["pin"]), joined["closed_kinds"], joined["emergency"]) == (6, [], False)
    shown = client.get(f"{WHO}/{joined['id']}/file").json()
    assert [card["kind"] for card in shown["cards"]] == ["badge", "pin"]
    assert joined["pin"] not in str(shown)
    with studio.engine.connect() as connection:
        secrets = connection.scalars(select(tables.credential.c.secret)).all()
        assert joined["pin"].encode() not in b"".join(one or b"" for one in secrets)
        assert has_consent(connection, joined["id"], "training")
        assert not has_consent(connection, joined["id"], "research")
        entry = connection.execute(select(tables.audit).order_by(tables.audit.c.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.object_id) == ("patient.enrol", joined["id"])
        assert "Wong" not in str(entry)


def test_cards_are_replaced_locked_and_taken_away(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    studio.patient()
    studio.patient("Lee Ka Fai")
    studio.limits()
    url = f"{WHO}/{CHAN}"
    first = client.put(f"{url}/badge", json={"badge": "badge-1"}).json()
    assert first["limits_to_renew"] == ["trunk_rotation"]  # they are signed for another subject
    assert client.put(f"{WHO}/{named('Lee Ka Fai')}/badge", json={"badge": "badge-1"}).status_code == 409
    assert client.put(f"{url}/badge", json={"badge": "badge-2"}).status_code == 200
    pins = {client.post(f"{url}/pin").json()["pin"] for _ in range(2)}
    assert all(len(pin) == 6 for pin in pins)
    assert client.put(f"{url}/cards/badge/lock", json={"locked": True}).status_code == 204
    cards = {one["kind"]: one["locked"] for one in client.get(f"{url}/file").json()["cards"]}
    assert cards == {"badge": True, "pin": False}
    assert client.delete(f"{url}/cards/badge").status_code == 204
    assert client.delete(f"{url}/cards/badge").status_code == 404
    assert client.put(f"{url}/cards/badge/lock", json={"locked": False}).status_code == 404
    with studio.engine.connect() as connection:
        left = connection.execute(select(tables.credential.c.kind)).scalars().all()
    assert left == ["pin"]


def test_a_pin_is_kept_nowhere_not_for_a_request_that_comes_again_either(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    key = {"Idempotency-Key": "enrol-0001"}
    first = client.post(SITE, json=body(code="P-77"), headers=key)
    assert first.status_code == 201
    again = client.post(SITE, json=body(code="P-77"), headers=key)
    assert (again.status_code, "lost" in again.json()["detail"]) == (409, True)
    with studio.engine.connect() as connection:
        assert connection.execute(select(tables.first_answer.c.answer)).scalars().all() == [None]
