import zlib

import msgspec
import pytest
from fastapi.testclient import TestClient
from studio_rows import NOW_MS, StudioRows, named

from contract.messages import Stop, Why
from ml.decision import Decision, Estimate

CHAN = named("Chan Mei Ling")


def decided(studio: StudioRows, number: int) -> None:
    name = f"decision-{number}"
    studio.decision(name, "today", now_ms=NOW_MS + number)
    studio.setting(f"setting-{number}", "today", name, seq=number, state="applied", applied_load_g=12_300)


@pytest.fixture
def session(studio: StudioRows) -> StudioRows:
    studio.patient()
    studio.session("today")
    return studio


def test_adjustment_says_from_to_why_and_what_became_of_it(session: StudioRows, client: TestClient) -> None:
    session.decision("new", "today")
    session.setting("new", "today", "new", set_number=2, state="refused", reason="STEP")
    item = client.get(f"/v1/patients/{CHAN}/adjustments").json()["items"][0]
    assert (item["machine"], item["kind"], item["side"], item["set"]) == (
        "rotation-1",
        "trunk_rotation",
        "left",
        2,
    )
    assert (item["from"]["load_kg"], item["from"]["rest_s"], item["from"]["tempo_s"]) == (12.0, None, [])
    assert (item["to"]["load_kg"], item["to"]["reps"], item["to"]["end_deg"]) == (12.5, 10, 15.0)
    assert (item["state"], item["refusal"], item["raised"], item["binding"]) == (
        "refused",
        "STEP",
        "load",
        "SESSION_CAP",
    )
    assert item["why"][0]["values"] == {"from_g": 12_000, "to_g": 12_500}
    assert sum(part["kg"] for part in item["split"]) == pytest.approx(0.5)


def test_sent_dose_is_shown_whatever_was_applied(session: StudioRows, client: TestClient) -> None:
    decided(session, 1)
    item = client.get(f"/v1/patients/{CHAN}/adjustments").json()["items"][0]
    assert item["to"]["load_kg"] == 12.5


def test_plan_is_shown_by_its_first_work_set_and_the_first_dose_comes_from_nowhere(
    session: StudioRows, client: TestClient
) -> None:
    session.decision("plan", "today", occasion="plan", previous=None, raised=None, held=True)
    session.setting("one", "today", "plan", seq=1, set_number=1, mode="warm_up", in_plan=True)
    session.setting("two", "today", "plan", seq=2, set_number=2, in_plan=True, state="planned")
    item = client.get(f"/v1/patients/{CHAN}/adjustments").json()["items"][0]
    assert (item["from"], item["set"], item["mode"], item["state"]) == (None, 2, "train", "planned")


def test_decision_that_sent_nothing_is_no_adjustment(session: StudioRows, client: TestClient) -> None:
    session.decision("silent", "today")
    assert client.get(f"/v1/patients/{CHAN}/adjustments").json() == {"items": [], "next": None}


def test_pages_are_newest_first_without_gap_or_repeat(session: StudioRows, client: TestClient) -> None:
    for number in range(5):
        decided(session, number)
    first = client.get(f"/v1/patients/{CHAN}/adjustments?limit=3").json()
    second = client.get(f"/v1/patients/{CHAN}/adjustments?limit=3&cursor={first['next']}").json()
    seen = [item["id"] for item in first["items"] + second["items"]]
    assert seen == [named(f"decision-{number}") for number in (4, 3, 2, 1, 0)]
    assert second["next"] is None


def test_decisions_of_the_same_millisecond_are_neither_lost_nor_repeated(
    session: StudioRows, client: TestClient
) -> None:
    for number in range(5):
        session.decision(f"twin-{number}", "today", now_ms=NOW_MS)
        session.setting(f"twin-{number}", "today", f"twin-{number}", seq=number)
    seen: list[str] = []
    query = "limit=1"
    for _ in range(5):
        page = client.get(f"/v1/patients/{CHAN}/adjustments?{query}").json()
        seen += [item["id"] for item in page["items"]]
        query = f"limit=1&cursor={page['next']}"
    assert sorted(seen) == sorted(named(f"twin-{number}") for number in range(5))
    assert page["next"] is None


def test_only_what_was_applied(session: StudioRows, client: TestClient) -> None:
    decided(session, 1)
    session.decision("late", "today")
    session.setting("late", "today", "late", seq=9, state="expired")
    found = client.get(f"/v1/patients/{CHAN}/adjustments?state=applied").json()["items"]
    assert [item["id"] for item in found] == [named("decision-1")]
    assert client.get(f"/v1/patients/{CHAN}/adjustments?state=SECRET").status_code == 422


def test_without_what_was_not_used_no_page_is_cut_short(session: StudioRows, client: TestClient) -> None:
    for number in range(6):
        decided(session, number)
        session.decision(f"late-{number}", "today", now_ms=NOW_MS + number)
        session.setting(f"late-{number}", "today", f"late-{number}", seq=10 + number, state="expired")
    seen: list[str] = []
    query = "unused=false&limit=3"
    for _ in range(2):
        page = client.get(f"/v1/patients/{CHAN}/adjustments?{query}").json()
        seen += [item["id"] for item in page["items"]]
        query = f"unused=false&limit=3&cursor={page['next']}"
    assert seen == [named(f"decision-{number}") for number in (5, 4, 3, 2, 1, 0)]
    assert page["next"] is None


@pytest.mark.parametrize(
    ("states", "is_used"),
    [
        (("expired", "expired"), False),
        (("applied", "expired"), True),  # staff lifted what they had ordered: what was lifted before stays
        (("expired", "refused"), True),
    ],
)
def test_what_was_used_is_a_decision_with_a_setting_that_did_not_expire(
    states: tuple[str, ...], is_used: bool, session: StudioRows, client: TestClient
) -> None:
    session.decision("plan", "today")
    for seq, state in enumerate(states):
        order = named("order") if seq else None
        session.setting(f"setting-{seq}", "today", "plan", seq=seq, state=state, order_id=order)
    (item,) = client.get(f"/v1/patients/{CHAN}/adjustments").json()["items"]
    used = client.get(f"/v1/patients/{CHAN}/adjustments?unused=false").json()["items"]
    assert used == ([item] if is_used else [])


def test_a_decision_that_set_nothing_takes_no_place_of_a_page(
    session: StudioRows, client: TestClient
) -> None:
    decided(session, 0)
    for number in range(1, 4):
        session.decision(f"silent-{number}", "today", now_ms=NOW_MS + number)
    page = client.get(f"/v1/patients/{CHAN}/adjustments?limit=2").json()
    assert [item["id"] for item in page["items"]] == [named("decision-0")]
    assert page["next"] is None


def test_cursor_of_another_list_is_refused(studio: StudioRows, client: TestClient) -> None:
    for letter in "AB":
        studio.patient(f"Person {letter}")
    cursor = client.get("/v1/patients?limit=1").json()["next"]
    who = named("Person A")
    assert client.get(f"/v1/patients/{who}/adjustments?cursor={cursor}").status_code == 422


def test_logged_question_and_answer_come_byte_for_byte(session: StudioRows, client: TestClient) -> None:
    session.decision("new", "today")
    question = client.get(f"/v1/adjustments/{named('new')}/request")
    answer = client.get(f"/v1/adjustments/{named('new')}/decision")
    assert (question.content, answer.content) == (b'{"schema":1}', b'{"held":false}')
    assert question.headers["content-type"] == "application/json"


def test_a_decision_is_explained_in_both_languages_and_units(session: StudioRows, client: TestClient) -> None:
    answer = Decision(
        rows=(), stop=Stop(), held=False, belief={}, raised="load", binding="WEEK_CAP",
        why=(Why(code="raise_load", values={"from_g": 10_000, "to_g": 10_200}),),
        estimate=Estimate(capacity_kg=20.0, capacity_low_kg=18.0, capacity_high_kg=22.0),
        split_g={"speed_set_1": 450, "limit_week_cap": -250},
        counter=(Why(code="although_pain", values={"nrs": 3}),),
    )  # fmt: skip
    session.decision("new", "today", answer=zlib.compress(msgspec.json.encode(answer)))
    found = client.get(f"/v1/adjustments/{named('new')}/explanation?unit=lb").json()
    assert found["patient_en"] == "It went well, so the weight goes from 22 lb to 22.5 lb."
    assert "22.5 磅" in found["patient_zh"]
    assert sum(part["kg"] for part in found["split"]) == pytest.approx(0.2)
    assert found["binding"]["text_en"] == "limit of one week"
    assert [reason["text_en"] for reason in found["counter"]] == ["pain was 3 of 10"]
    assert found["confidence"]["level"] == "low"


@pytest.mark.parametrize("stored", [b"", b"damaged", zlib.compress(b"whole")[:-1], zlib.compress(b"{}")])
def test_where_the_logged_answer_is_gone_the_reason_stays(
    session: StudioRows, client: TestClient, stored: bytes
) -> None:
    session.decision("new", "today", answer=stored)
    found = client.get(f"/v1/adjustments/{named('new')}/explanation").json()
    assert found["patient_en"] == "It went well, so the weight goes from 12 kg to 12.5 kg."
    assert (found["fitting_kg"], found["confidence"]) == (None, None)
    logged = client.get(f"/v1/adjustments/{named('new')}/decision")
    assert logged.status_code == (200 if stored == zlib.compress(b"{}") else 410)


def test_reasons_come_in_the_unit_that_is_asked_for(session: StudioRows, client: TestClient) -> None:
    decided(session, 1)
    said = {
        unit: client.get(f"/v1/patients/{CHAN}/adjustments?unit={unit}").json()["items"][0]["why"][0][
            "text_en"
        ]
        for unit in ("kg", "lb")
    }
    assert said["kg"].endswith("from 12 kg to 12.5 kg.")
    assert said["lb"].endswith("from 26.5 lb to 27.6 lb.")
    assert client.get(f"/v1/patients/{CHAN}/adjustments?unit=stone").status_code == 422


@pytest.mark.parametrize("part", ["request", "decision", "explanation"])
def test_unknown_decision_is_not_found(session: StudioRows, client: TestClient, part: str) -> None:
    session.decision("new", "today")
    assert client.get(f"/v1/adjustments/{named('other')}/{part}").status_code == 404
    assert client.get(f"/v1/adjustments/{named('new')}/{part}?origin=real").status_code == 404
    assert client.get(f"/v1/adjustments/SECRET/{part}").status_code == 422


@pytest.mark.parametrize(
    ("narrowed", "seen"),
    [
        ("kind=trunk_rotation", ["left", "right"]),
        ("kind=row", []),
        ("side=right", ["right"]),
        (f"session={named('today')}", ["left"]),
        (f"session={named('today')}&side=right", []),
    ],
)
def test_list_is_narrowed_to_a_station_or_a_session(
    narrowed: str, seen: list[str], session: StudioRows, client: TestClient
) -> None:
    session.session("before")
    for name, of, side in (("one", "today", "left"), ("two", "before", "right")):
        session.decision(name, of, side=side)
        session.setting(name, of, name, side=side)
    items = client.get(f"/v1/patients/{CHAN}/adjustments?{narrowed}").json()["items"]
    assert sorted(item["side"] for item in items) == seen
