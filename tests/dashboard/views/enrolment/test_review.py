from datetime import date
from typing import Any

from dashboard.api.health import Conditions, list_conditions
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.enrolment.questions import told_of
from dashboard.views.enrolment.review import by_machine, missing
from services.api.schemas.enrolment import NewPatient

TODAY = date(2026, 11, 21)


def whole(**changes: Any) -> dict[str, Any]:
    agreed = {"purpose": "training", "version": "2026-10", "given": True}
    body = {
        "name": "Chan Tai Man", "birth_year": 1958, "sex": "male", "mass_kg": 71.5, "height_m": 1.68,
        "language": "zh-HK", "baseline_nrs": 4, "back_pain": True, "stations": ["row"],
        "red_flags_asked": True, "exclusions": [], "consents": [agreed], "with_pin": True,
    }  # fmt: skip
    return body | changes


def test_what_the_page_calls_whole_the_service_takes() -> None:
    assert missing(whole()) == []
    NewPatient.model_validate(whole())


def test_everything_that_nobody_may_leave_out_is_named() -> None:
    for field in ("name", "birth_year", "sex", "mass_kg", "stations", "red_flags_asked"):
        body = whole()
        del body[field]
        assert len(missing(body)) == 1, field


def test_nobody_joins_without_consent_to_training() -> None:
    refused = {"purpose": "training", "version": "2026-10", "given": False}
    assert missing(whole(consents=[refused])) == ["Nobody joins without consent to training"]
    unread = {"purpose": "training", "version": "", "given": True}
    assert missing(whole(consents=[unread])) == ["Version of the text that was signed"]


def test_a_code_and_a_badge_must_be_of_use() -> None:
    assert len(missing(whole(code="a b", badge="12"))) == 2
    assert missing(whole(code="P-0099", badge="04A2")) == []


def test_machines_are_shown_open_or_closed_before_anything_is_saved(client: Client, show: Formatter) -> None:
    found = list_conditions(client)
    assert isinstance(found, Conditions)
    long_ago = {"condition": "birth", "since_day": "2020-01-01"}
    told = told_of(whole(exclusions=[{"condition": "hernia"}, long_ago]), found.items)
    lines = by_machine(told, TODAY, show)
    assert sum("closed: A hernia" in line for line in lines) == 5
    assert sum(line.endswith("open") for line in lines) == 5
