"""Every look at limits and every change of them leaves an entry of the audit, whoever adds a route."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from scripted_studio import Studio
from sqlalchemy import event

from services.store import tables

Body = Callable[..., dict[str, object]]
BECAUSE = {"reason": "Seen together."}
TRACES = {  # by hand: whoever adds a route says here what it leaves
    "read_limits": "patient.read",
    "list_proposals": "patient.read",
    "sign_limits": "limits.sign",
    "restore_limits": "limits.restore",
    "renew_limits": "limits.renew",
    "withdraw_limits": "limits.withdraw",
    "sign_proposal": "limits.sign",
    "withdraw_proposal": "limits.unpropose",
}


class Trail:
    """Asks, and says which entries came of it."""

    def __init__(self, client: TestClient, studio: Studio, url: str) -> None:
        self.client, self.studio, self.url = client, studio, url
        self.left: dict[str, list[str]] = {}

    def ask(self, name: str, how: str, where: str = "", **given: Any) -> Any:
        before = len(self._entries())
        answer = self.client.request(how, self.url + where, **given)
        assert answer.is_success, answer.text
        self.left[name] = [row["action"] for row in self._entries()[before:]]
        return answer.json() if answer.content else None

    def _entries(self) -> list[dict[str, Any]]:
        return sorted(self.studio.rows(tables.audit), key=lambda row: int(row["id"]))


def seen(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def test_every_route_leaves_its_trace(
    client: TestClient, studio: Studio, url: str, new_limits: Body, second: dict[str, str]
) -> None:
    trail = Trail(client, studio, url)
    wider = new_limits(max_load_g=24_100)
    trail.ask("sign_limits", "PUT", json=new_limits(), headers=seen(1))
    for name, headers in (("withdraw_proposal", {}), ("sign_proposal", second | seen(2))):
        number = trail.ask("propose", "PUT", json=wider, headers=seen(2))["id"]
        assert trail.left.pop("propose") == ["limits.propose"]
        way = name.partition("_")[0]
        trail.ask(name, "POST", f"/proposals/{number}/{way}", json=BECAUSE, headers=headers or seen(2))
    restored = BECAUSE | {"version": 2}
    trail.ask("restore_limits", "POST", "/restore", json=restored, headers=seen(3))
    trail.ask("renew_limits", "POST", "/renew", json=BECAUSE, headers=seen(4))
    trail.ask("withdraw_limits", "POST", "/withdraw", json=BECAUSE, headers=seen(5))
    trail.ask("read_limits", "GET")
    trail.ask("list_proposals", "GET", "/proposals")

    found = iter_route_contexts(cast("FastAPI", client.app).routes)
    routes = {str(one.name) for one in found if str(one.path).startswith("/v1/")}
    assert set(trail.left) == set(TRACES) == routes
    assert {name: left[-1] for name, left in trail.left.items() if left} == TRACES


def test_a_look_says_who_looked_at_whom_and_a_refused_one_is_none(
    client: TestClient, stranger: TestClient, studio: Studio, url: str
) -> None:
    assert client.get(url).status_code == client.get(url).status_code == 200
    stranger.headers.pop("Authorization")
    assert stranger.get(f"{url}/proposals").status_code == 401
    looks = [row for row in studio.rows(tables.audit) if row["action"] == "patient.read"]
    [look] = looks  # twice in an hour is one
    patient = studio.rows(tables.patient)[0]["id"]
    assert (look["actor"], look["detail"]["screen"]) == ("Dr Wong", "read_limits")
    assert look["object_id"] == patient


@pytest.mark.parametrize("where", ["", "/proposals"])
def test_a_look_is_written_down_with_no_other_connection_in_hand(
    client: TestClient, url: str, where: str
) -> None:
    """As many looks at once as there are connections would wait for each other."""
    engine = cast("FastAPI", client.app).state.desk.engine
    held: list[int] = []
    event.listen(engine, "checkout", lambda *_: held.append(engine.pool.checkedout()))
    assert client.get(url + where).status_code == 200
    assert len(held) == 2
    assert max(held) == 1
