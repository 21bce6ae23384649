from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from weakref import ReferenceType, ref

import pytest
from fastapi.testclient import TestClient
from studio_rows import BOOT, NOW_MS, StudioRows, named

from contract.messages import Status
from services.access import Actor, Scope
from services.api.routes.floor import _version
from services.api.schemas import Floor, FloorItem, example_of
from services.api.shared import MOMENT_MS, Drawn, Moment, Shared, weak_version
from services.live import Hub

ASKERS = 8


class Drawer:
    """Draws another answer each time, and counts."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Drawn:
        self.times += 1
        return Drawn(body=str(self.times).encode(), version="")


def at(at_ms: int, changes: int = 0) -> Callable[[], Moment]:
    return lambda: Moment(at_ms=at_ms, changes=changes)


@pytest.mark.parametrize(
    ("later_ms", "changes", "times"),
    [(0, 0, 1), (MOMENT_MS - 1, 0, 1), (MOMENT_MS, 0, 2), (1, 1, 2), (-1, 0, 2)],
)
def test_an_answer_stands_for_a_moment_or_until_something_changes(
    later_ms: int, changes: int, times: int
) -> None:
    shared, draw = Shared(), Drawer()
    shared.get("floor", at(NOW_MS), draw)
    again = shared.get("floor", at(NOW_MS + later_ms, changes), draw)
    assert draw.times == times
    assert again.body == str(times).encode()


def test_two_keys_never_share() -> None:
    shared, draw = Shared(), Drawer()
    of = [Scope(), Scope(sites=frozenset({"a"})), Scope(sites=frozenset({"a", "b"})), Scope(patient="p")]
    bodies = {shared.get(("sim", scope, unit), at(0), draw).body for scope in of for unit in ("kg", "lb")}
    assert len(bodies) == 8


def test_who_asks_at_once_waits_for_one_drawing() -> None:
    shared, here, may_end = Shared(), Barrier(ASKERS + 1), Event()
    draw = Drawer()

    def slow() -> Drawn:
        may_end.wait(5)
        return draw()

    def ask() -> bytes:
        here.wait(5)
        return shared.get("floor", at(0), slow).body

    with ThreadPoolExecutor(ASKERS) as pool:
        asked = [pool.submit(ask) for _ in range(ASKERS)]
        here.wait(5)
        may_end.set()
        assert {one.result(5) for one in asked} == {b"1"}
    assert draw.times == 1


def test_a_drawing_that_fails_is_nobodys_answer() -> None:
    shared, draw = Shared(), Drawer()

    def fail() -> Drawn:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 (any)
        shared.get("floor", at(0), fail)
    assert shared.get("floor", at(0), draw).body == b"1"


class Version(str):
    """A text of which one can tell whether anybody still holds it."""

    __slots__ = ("__weakref__",)


def put(shared: Shared, key: str, at_ms: int) -> ReferenceType[Version]:
    version = Version(key)
    shared.get(key, at(at_ms), lambda: Drawn(body=b"", version=version))
    return ref(version)


def test_an_answer_that_stands_no_more_is_let_go_as_another_comes() -> None:
    shared = Shared()
    old, young = put(shared, "old", NOW_MS), put(shared, "young", NOW_MS + 1)
    assert old() is not None
    put(shared, "new", NOW_MS + MOMENT_MS)
    assert old() is None
    assert young() == "young"


def test_a_version_is_weak_and_of_the_content() -> None:
    assert weak_version("a").startswith('W/"')
    assert weak_version("a") == weak_version("a") != weak_version("b")


def training(studio: StudioRows) -> None:
    studio.site(id="elsewhere")
    for name, site, machine in (("Chan", "studio", "rotation-1"), ("Wong", "elsewhere", "rotation-2")):
        studio.machine(machine, site_id=site)
        studio.patient(name, site_id=site)
        studio.session(f"s-{name}", name, machine=machine)
        studio.status(machine, session_id=named(f"s-{name}"))


def test_the_floor_of_all_is_never_the_answer_to_who_sees_one_site(
    studio: StudioRows, client: TestClient, as_role: Callable[..., Actor]
) -> None:
    training(studio)
    as_role("therapist")
    assert "Wong" in client.get("/v1/floor").text
    for sites in ({"studio"}, set()):
        as_role("therapist", scope=Scope(sites=frozenset(sites)))
        seen = client.get("/v1/floor").text
        assert "Wong" not in seen
        assert ("Chan" in seen) == ("studio" in sites)
    for role, status in (("anonymous", 401), ("patient", 403)):
        as_role(role)
        assert client.get("/v1/floor").status_code == status


def test_the_floor_is_read_once_for_all_until_a_machine_says_something(
    studio: StudioRows, hub: Hub, client: TestClient
) -> None:
    training(studio)
    first = client.get("/v1/floor")
    studio.machine("rotation-3")
    assert client.get("/v1/floor").content == first.content
    status = Status(online=True, wall_ms=NOW_MS, mono_ms=1, boot=BOOT, state="REST")
    hub.on_status("real", "rotation-3", status)
    assert client.get("/v1/floor").content == first.content
    hub.on_status("sim", "rotation-3", status)
    assert "rotation-3" in client.get("/v1/floor").text


def test_what_a_request_has_done_is_on_the_floor_at_once(
    studio: StudioRows, client: TestClient, as_role: Callable[..., Actor]
) -> None:
    training(studio)
    as_role("therapist")
    client.get("/v1/floor")
    studio.machine("rotation-3")
    refused = client.post(f"/v1/proposals/{named('none')}/confirm", headers={"Idempotency-Key": "k" * 32})
    assert refused.status_code >= 400
    assert "rotation-3" not in client.get("/v1/floor").text  # nothing was done
    as_role("clinician")
    place = f"/v1/patients/{named('Chan')}/language"
    assert client.put(place, json={"language": "zh-HK"}).is_success
    assert "rotation-3" in client.get("/v1/floor").text


def test_a_floor_that_is_shown_already_is_not_sent_again(
    studio: StudioRows, hub: Hub, client: TestClient
) -> None:
    training(studio)
    version = client.get("/v1/floor").headers["etag"]
    same = client.get("/v1/floor", headers={"If-None-Match": version})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", version)
    in_pounds = client.get("/v1/floor?unit=lb", headers={"If-None-Match": version})
    assert in_pounds.status_code in (200, 304)
    hub.on_status(
        "sim", "rotation-1", Status(online=True, wall_ms=NOW_MS, mono_ms=1, boot=BOOT, state="PAUSED")
    )
    other = client.get("/v1/floor", headers={"If-None-Match": version})
    assert other.status_code == 200
    assert other.headers["etag"] != version


def test_a_floor_shows_the_same_until_more_than_the_time_is_another() -> None:
    shown = Floor.model_validate(example_of(Floor))
    [item] = shown.items
    later = item.model_copy(update={"seen_at": (item.seen_at or shown.as_of) + timedelta(seconds=9)})
    rests = item.model_copy(update={"state": "rest"})

    def version(*items: FloorItem) -> str:
        floor = shown.model_copy(update={"items": list(items)})
        return _version(floor, floor.model_dump_json())

    assert version(item) == version(later) != version(rests)
    away, away_later = (one.model_copy(update={"online": False}) for one in (item, later))
    assert version(away) != version(away_later)


def test_a_page_of_the_dashboard_may_ask_with_the_version_that_it_shows(client: TestClient) -> None:
    asked = {
        "Origin": "http://127.0.0.1:8501",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    assert client.options("/v1/floor", headers=asked).status_code == 200
    assert client.options("/v1/floor", headers=asked | {"Origin": "http://a.example"}).status_code == 400
    answer = client.get("/v1/floor", headers={"Origin": asked["Origin"]})
    assert "ETag" in answer.headers["access-control-expose-headers"]
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["cache-control"] == "no-store"
