"""What rounds find of people and of the model: differences, drift, limits that end."""

from dataclasses import dataclass

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio
from studio_rounds import alerts, go, put, slow, trained

from contract.names import made_id
from openspine.bench.fence import filled
from services.insights import balance
from services.office import cards, rounds
from services.office.refusal import Act
from services.prescribing.sign import full_envelope, prescribe
from services.store import engine as store
from services.store import tables

DAY_MS = 86_400_000


def test_limits_that_end_are_told_a_fortnight_ahead_until_they_are_signed_anew(
    studio: Studio, enrolled: str, machine: ScriptedMachine
) -> None:
    trained(studio, enrolled, NOW_MS)
    ends_ms = min(int(row["valid_until_ms"]) for row in studio.rows(tables.limits))
    at_ms = ends_ms - 14 * DAY_MS
    assert slow(studio, at_ms - 1) == 0
    assert [slow(studio, at_ms), slow(studio, at_ms + DAY_MS)] == [1, 0]
    assert alerts(studio, "limits_renew") == [("amber", "open")]

    machine.wall_ms = at_ms + 2 * DAY_MS
    studio.hear(machine.sign_in())  # the next visit ends what was told of the last one, but not this
    assert go(studio, machine.wall_ms) == 0
    assert alerts(studio, "limits_renew") == [("amber", "open")]

    for row in studio.rows(tables.limits):
        later = {"version": row["version"] + 1, "valid_until_ms": ends_ms + 42 * DAY_MS}
        put(studio, tables.limits, **(row | later | {"id": made_id("limits", row["id"])}))
    go(studio, machine.wall_ms)
    assert alerts(studio, "limits_renew") == [("amber", "resolved")]


def test_who_has_long_stayed_away_is_asked_for_no_limits(studio: Studio, enrolled: str) -> None:
    trained(studio, enrolled, NOW_MS)
    assert slow(studio, NOW_MS + rounds.IN_TRAINING_MS) == 0


@pytest.mark.parametrize("is_signed", [True, False])
def test_a_sign_in_without_limits_that_hold_is_told_until_there_are_some(
    studio: Studio, machine: ScriptedMachine, *, is_signed: bool
) -> None:
    code = "limits_expired" if is_signed else "limits_missing"
    patient = studio.enrol("badge-7", *(["lumbar_extension"] if is_signed else []))
    machine.wall_ms += 43 * DAY_MS
    studio.hear(machine.sign_in("badge-7"))
    assert alerts(studio, code) == [("amber", "open")]
    go(studio, machine.wall_ms)
    assert alerts(studio, code) == [("amber", "open")]

    (known, *_) = studio.rows(tables.limits)
    signed = {"version": 2, "kind": "lumbar_extension", "valid_until_ms": machine.wall_ms + DAY_MS}
    new = {"id": made_id("limits", patient), "patient_id": patient}
    put(studio, tables.limits, **(known | signed | new))
    go(studio, machine.wall_ms)
    assert alerts(studio, code) == [("amber", "resolved")]


def test_limits_of_another_card_are_told_until_they_are_signed_for_the_new_one(
    studio: Studio, enrolled: str, machine: ScriptedMachine
) -> None:
    def told() -> list[tuple[str, str]]:
        found = [(row["code"], row["state"]) for row in studio.rows(tables.alert)]
        return [one for one in found if one[0].startswith("limits_")]

    with store.writing(studio.engine) as connection:
        act = Act(by="tess", name="Tess", at_ms=NOW_MS)
        issued = cards.issue_badge(connection, enrolled, "badge-9", studio.keys.site, act)
    assert isinstance(issued, cards.Issued)
    studio.hear(machine.sign_in("badge-9"))
    assert told() == [("limits_other_card", "open")]
    go(studio, machine.wall_ms)
    assert told() == [("limits_other_card", "open")]

    envelope = full_envelope("lumbar_extension", now_ms=NOW_MS, phase_cap_g=40_000, max_torque_nm=150)
    with store.writing(studio.engine) as connection:
        prescribe(connection, enrolled, envelope, by="Dr Demo", reason="card", key=studio.keys.envelope)
    go(studio, machine.wall_ms)
    assert told() == [("limits_other_card", "resolved")]


def test_who_trained_and_has_no_confirmed_difference_raises_nothing(studio: Studio, enrolled: str) -> None:
    assert enrolled
    with studio.engine.connect() as connection:
        assert rounds.slow_round(connection, "sim", "rule", NOW_MS) == []


@dataclass
class Found:
    """What the balance of somebody, or the drift of a model, is said to be."""

    kind: str = "trunk_rotation"
    verdict: str = "confirmed"


@dataclass
class Pairs:
    pairs: tuple[Found, ...]


@dataclass
class Drifts:
    coverage: Found
    innovations: Found


@pytest.mark.parametrize(
    ("verdict", "ago_ms", "expected"),
    [("confirmed", 1, 1), ("flagged", 1, 0), ("within_error", 1, 0), ("confirmed", DAY_MS + 1, 0)],
)
def test_a_confirmed_difference_of_who_trained_is_told_once_a_week(
    studio: Studio,
    enrolled: str,
    monkeypatch: pytest.MonkeyPatch,
    verdict: str,
    ago_ms: int,
    expected: int,
) -> None:
    monkeypatch.setattr(balance, "picture", lambda _: Pairs(pairs=(Found(verdict=verdict),)))
    trained(studio, enrolled, NOW_MS - ago_ms)
    assert [slow(studio, NOW_MS), slow(studio, NOW_MS)] == [expected, 0]
    assert alerts(studio, rounds.ASYMMETRY) == [("info", "open")] * expected
    assert {row["patient_id"] for row in studio.rows(tables.alert)} <= {enrolled}


@pytest.mark.parametrize(
    ("coverage", "innovations", "expected"),
    [("as_promised", "as_promised", 0), ("drifted", "as_promised", 1), ("as_promised", "drifted", 1)],
)
def test_a_model_that_has_drifted_is_told_once_a_week(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, coverage: str, innovations: str, expected: int
) -> None:
    drifts = Drifts(coverage=Found(verdict=coverage), innovations=Found(verdict=innovations))
    monkeypatch.setattr(rounds, "drift_of", lambda *_: drifts)
    assert [slow(studio, NOW_MS), slow(studio, NOW_MS)] == [expected, 0]
    assert slow(studio, NOW_MS + rounds.WEEK_MS) == expected
    assert alerts(studio, rounds.DRIFT) == [("amber", "open")] * (2 * expected)


def apart(studio: Studio, patient: str) -> None:
    """Four visits of somebody whose left side has two thirds of the strength of the right."""
    (session, *_) = studio.rows(tables.session)
    for day in range(4):
        wall_ms = NOW_MS - (4 - day) * DAY_MS + 1
        own = {"id": made_id(patient, day), "patient_id": patient, "nonce": None, "opened_ms": wall_ms}
        seen = {
            "id": made_id(patient, "visit", day),
            "patient_id": patient,
            "started_ms": wall_ms,
            "day": f"{day}",
        }
        put(studio, tables.visit, **filled(tables.visit, seen))
        put(studio, tables.session, **(session | own | {"visit_id": seen["id"]}))
        for side, capacity_kg in (("left", 20.0), ("right", 30.0)):
            known = {
                "session_id": own["id"], "side": side, "patient_id": patient, "visit_id": seen["id"],
                "origin": "sim", "kind": "trunk_rotation", "wall_ms": wall_ms, "visit": day + 1,
                "regular": True, "capacity_kg": capacity_kg, "capacity_low_kg": capacity_kg * 0.97,
                "capacity_high_kg": capacity_kg / 0.97,
            }  # fmt: skip
            put(studio, tables.summary, **filled(tables.summary, known))


@pytest.mark.usefixtures("enrolled")
def test_the_confirmed_difference_of_everybody_is_told_however_many_they_are(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [studio.enrol(f"badge-{number}") for number in range(2, 7)]
    for patient in people:
        apart(studio, patient)
    monkeypatch.setattr(rounds, "PATIENTS_MOST", 2)
    slow(studio, NOW_MS)
    told = [row["patient_id"] for row in studio.rows(tables.alert) if row["code"] == rounds.ASYMMETRY]
    assert sorted(told) == sorted(people)


@pytest.mark.usefixtures("enrolled")
def test_sets_that_say_something_else_than_expected_are_a_drift(studio: Studio) -> None:
    (decision, *_) = studio.rows(tables.decision)
    own = {
        "session_id": decision["session_id"],
        "decision_id": decision["id"],
        "origin": "sim",
        "model": "rule",
    }
    for number in range(200):
        said = {
            "side": "left",
            "set_number": number,
            "innovation": 3.0 if number % 2 else -0.5,
            "features": [],
        }
        put(studio, tables.monitored, **filled(tables.monitored, own | said))
    slow(studio, NOW_MS)
    assert alerts(studio, rounds.DRIFT) == [("amber", "open")]
