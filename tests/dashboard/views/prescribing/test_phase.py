from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL
from streamlit.testing.v1 import AppTest

from dashboard.api.programmes import PhaseCondition, Phases, read_phase
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.prescribing.phase import CONDITIONS, change_words, condition_words, is_met, station_lines
from services.api.schemas.programmes import PhaseCondition as Served

OpenPage = Callable[..., AppTest]


@pytest.fixture
def phases(client: Client) -> Phases:
    found = read_phase(client, "p-1")
    assert isinstance(found, Phases)
    return found


def test_a_station_says_what_it_takes_to_go_on(phases: Phases, show: Formatter) -> None:
    station = replace(phases.stations[1], next="strengthen")
    assert station_lines(station, show) == [
        "**Trunk rotation, left** · Build",
        ":gray[:material/pending:] 6 of 8 visits in this phase",
        ":green[:material/check:] 1 of 1 sets with full repetitions and little effort",
        ":gray[:material/pending:] A clinician releases",
        "Ready for: Strengthen",
    ]


def test_every_condition_of_the_service_has_words(show: Formatter) -> None:
    assert set(CONDITIONS) == set(Served.model_json_schema()["properties"]["code"]["enum"])
    share = PhaseCondition(code="range", have=0.763, need=0.8, met=False)
    assert condition_words(share, show).endswith("Range at 76 of 80 % of its goal")


def test_a_change_says_who_and_why(phases: Phases, show: Formatter) -> None:
    said = "1 Nov 2026: Restore, then Build, signed by Dr Wong Ka Yan. All conditions are met."
    assert change_words(phases.history[0], show) == said


def test_the_clinicians_own_word_is_no_missing_condition(phases: Phases) -> None:
    assert not is_met(phases)
    met = tuple(replace(one, met=one.code != "release") for one in phases.stations[0].conditions)
    assert is_met(replace(phases, stations=(replace(phases.stations[0], conditions=met),)))


def test_a_clinician_signs_another_phase_although_conditions_are_missing(
    open_page: OpenPage, fake_api: FakeApi
) -> None:
    fake_api.stepped_up_until = FRESH_UNTIL
    app = open_page("patient", role="clinician", patient="p-1", tab="prescribing", part="phase")
    app.selectbox(key="phase-wanted-p-1").set_value("strengthen")
    app.checkbox(key="despite-p-1").set_value(True)
    submit = next(one for one in app.button if one.label == "Sign")
    submit.click().run()
    assert fake_api.orders == []
    assert "Say why." in str(app.error[0].value)
    app.text_input(key="reason-phase-p-1").set_value("Trains at home, too.")
    app = next(one for one in app.button if one.label == "Sign").click().run()
    body = {"phase": "strengthen", "reason": "Trains at home, too.", "despite": True}
    assert fake_api.orders == [("PUT", "/v1/patients/p-1/phase", body)]
    assert "Limits that still say another phase: Lumbar extension, Trunk rotation." in str(
        app.warning[0].value
    )


def test_a_phase_is_signed_only_after_a_fresh_proof(open_page: OpenPage) -> None:
    app = open_page("patient", role="clinician", patient="p-1", tab="prescribing", part="phase")
    assert app.text_input(key="proof-words-phase")
    assert not [one for one in app.button if one.label == "Sign"]
