"""Causes of one code are one, since the first of them; what a decision named is called by its own code."""

from types import SimpleNamespace
from typing import Any

from services.insights.needs import WEIGHTS, Facts, Need, ranked
from services.insights.units import at


def an_alert(number: int, code: str, **changes: Any) -> Any:
    row = {
        "id": f"alert-{number}",
        "patient_id": "p-1",
        "code": code,
        "severity": "red",
        "detail": "",
        "state": "open",
        "raised_ms": 1_000 * number,
        "why": None,
    }
    return SimpleNamespace(**(row | changes))


def need(*alerts: Any, **facts: Any) -> Need:
    nothing: dict[str, Any] = {"overrides": (), "missed": (), "excluded": ()}
    (found,) = ranked(Facts(alerts=alerts, names={"p-1": "Mr Lee"}, **(nothing | facts)), 10)
    return found


def test_alerts_of_one_code_are_one_cause_since_the_first_of_them() -> None:
    seen = an_alert(3, "pain", state="acknowledged")
    (cause,) = need(an_alert(9, "pain"), an_alert(5, "pain"), seen).reasons
    assert (cause.code, cause.alerts, cause.since) == ("pain", ("alert-9", "alert-5"), at(3_000))
    assert need(an_alert(9, "pain"), an_alert(5, "pain")).weight == WEIGHTS["red"]


def test_the_heavier_of_two_speaks() -> None:
    light = an_alert(1, "amber", detail="plateau", severity="amber")
    heavy = an_alert(2, "red", detail="plateau")
    (cause,) = need(light, heavy).reasons
    assert (cause.code, cause.text_en, cause.since) == ("plateau", "Needs a therapist now.", at(1_000))
    assert need(light, heavy).weight == WEIGHTS["red"]


def test_what_no_alert_says_has_its_own_moment_and_nothing_to_acknowledge() -> None:
    missed = SimpleNamespace(patient_id="p-1", missed=2, since_ms=7_000)
    override = SimpleNamespace(patient_id="p-1", since_ms=8_000)
    found = need(missed=(missed,), overrides=(override,))
    assert [(cause.code, cause.since, cause.alerts) for cause in found.reasons] == [
        ("missed_visits", at(7_000), ()),
        ("override", at(8_000), ()),
    ]
    assert found.light == "fine"
