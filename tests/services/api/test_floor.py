from fastapi.testclient import TestClient
from studio_rows import BOOT, NOW_MS, StudioRows, named

from contract.messages import Frame, Status
from services.live import Hub


def a_status(**changes: object) -> Status:
    fields = {"online": True, "wall_ms": NOW_MS, "mono_ms": 1, "boot": BOOT, "state": "WORKING"} | changes
    return Status(**fields)  # type: ignore[arg-type]


def training(studio: StudioRows) -> None:
    studio.machine()
    studio.status(session_id=named("today"))
    studio.patient()
    studio.session("today", begun_set=1)
    studio.decision("plan", "today", occasion="plan")
    studio.decision("second", "today")
    for number, side in ((1, "left"), (2, "right"), (3, "left")):
        studio.setting(
            f"row-{number}",
            "today",
            "plan",
            seq=number,
            set_number=number,
            side=side,
            in_plan=True,
            state="planned",
            load_g=12_000,
        )
    studio.rep("today", 1)
    studio.rep("today", 2)


def test_empty_floor_has_no_machines(client: TestClient) -> None:
    answer = client.get("/v1/floor")
    assert answer.status_code == 200
    assert answer.json() == {
        "as_of": "2026-11-18T11:06:40Z",
        "summary": {"red": 0, "amber": 0, "fine": 0, "idle": 0},
        "items": [],
    }


def test_machine_without_a_word_is_idle_and_stale(studio: StudioRows, client: TestClient) -> None:
    studio.machine()
    item = client.get("/v1/floor").json()["items"][0]
    assert (item["light"], item["stale"], item["online"], item["state"]) == ("idle", True, False, "unknown")
    assert item["patient"] is None
    assert item["seen_at"] is None


def test_training_shows_name_set_rep_and_dose_in_kg_and_deg(studio: StudioRows, client: TestClient) -> None:
    training(studio)
    item = client.get("/v1/floor").json()["items"][0]
    assert item["name"] == "Rotation 1"
    assert item["patient"] == {"id": named("Chan Mei Ling"), "name": "Chan Mei Ling"}
    assert (item["set"], item["sets_planned"], item["rep"], item["reps_planned"]) == (1, 3, 2, 10)
    assert (item["load_kg"], item["start_deg"], item["end_deg"]) == (12.0, -15.0, 15.0)
    assert (item["light"], item["state"], item["side"]) == ("fine", "working", "left")
    assert item["last_setting"] is None


def test_newest_setting_comes_with_reasons_and_fate(studio: StudioRows, client: TestClient) -> None:
    training(studio)
    studio.setting("new", "today", "second", seq=9, set_number=3, state="refused", reason="STEP")
    last = client.get("/v1/floor").json()["items"][0]["last_setting"]
    assert (last["state"], last["refusal"], last["set"]) == ("refused", "STEP", 3)
    assert last["why"][0]["code"] == "raise_load"
    assert "12.5" in last["why"][0]["text_en"]


def test_applied_setting_replaces_the_plan_row(studio: StudioRows, client: TestClient) -> None:
    training(studio)
    studio.setting(
        "new",
        "today",
        "second",
        seq=9,
        set_number=1,
        state="applied",
        applied_load_g=11_300,
        applied_start_cdeg=-1_400,
        applied_end_cdeg=1_550,
    )
    item = client.get("/v1/floor").json()["items"][0]
    assert (item["load_kg"], item["start_deg"], item["end_deg"]) == (11.3, -14.0, 15.5)


def test_extension_shows_the_clinical_angle(studio: StudioRows, client: TestClient) -> None:
    studio.machine("back-1", kind="lumbar_extension")
    studio.patient()
    studio.session("today", machine="back-1", kind="lumbar_extension")
    studio.decision("plan", "today")
    studio.setting("row", "today", "plan", start_cdeg=1_000, end_cdeg=5_000, side="both", state="planned")
    item = client.get("/v1/floor").json()["items"][0]
    assert (item["clinical_start_deg"], item["clinical_end_deg"]) == (62.0, 22.0)


def test_open_alert_of_the_session_lights_red_and_says_why(studio: StudioRows, client: TestClient) -> None:
    training(studio)
    studio.alert("pain", "red", session_id=named("today"))
    studio.alert("pain", "red", session_id=None)
    floor = client.get("/v1/floor").json()
    assert floor["summary"] == {"red": 1, "amber": 0, "fine": 0, "idle": 0}
    assert [reason["code"] for reason in floor["items"][0]["attention"]] == ["pain"]
    assert floor["items"][0]["attention"][0]["text_zh"] != ""


def test_closed_session_leaves_the_machine_idle(studio: StudioRows, client: TestClient) -> None:
    studio.machine()
    studio.status(state="IDLE")
    studio.patient()
    studio.session("done", closed_ms=NOW_MS)
    studio.alert("pain", "red", session_id=named("done"))
    item = client.get("/v1/floor").json()["items"][0]
    assert (item["light"], item["session"], item["attention"]) == ("idle", None, [])


def test_what_is_heard_beats_what_is_stored(studio: StudioRows, hub: Hub, client: TestClient) -> None:
    training(studio)
    hub.on_status("sim", "rotation-1", a_status(state="STOPPED", session=named("today")))
    frame = Frame(mono_ms=5, set=2, rep=4, deg=1.0, target_deg=2.0, nm=3.0, phase="hold")
    hub.on_frame("sim", "rotation-1", frame)
    item = client.get("/v1/floor").json()["items"][0]
    assert (item["state"], item["light"], item["set"], item["rep"]) == ("stopped", "red", 2, 4)


def test_other_origin_is_another_floor(studio: StudioRows, client: TestClient) -> None:
    studio.machine()
    assert client.get("/v1/floor", params={"origin": "real"}).json()["items"] == []


def test_unknown_origin_is_a_mistake(client: TestClient) -> None:
    answer = client.get("/v1/floor", params={"origin": "moon"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "moon" not in answer.text


def test_machines_tell_firmware_spool_and_when_they_were_seen(studio: StudioRows, client: TestClient) -> None:
    studio.machine()
    studio.status(received_ms=NOW_MS - 91_000)
    assert client.get("/v1/machines").json() == {
        "items": [
            {
                "machine": "rotation-1",
                "name": "Rotation 1",
                "kind": "trunk_rotation",
                "online": True,
                "state": "working",
                "firmware": "1.4.0",
                "spool_rows": 3,
                "seen_at": "2026-11-18T11:05:09Z",
                "stale": True,
            }
        ],
        "next": None,
    }
