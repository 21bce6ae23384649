from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

import ml.policies
from dashboard.api.adjustments import Adjustment, AdjustmentPage, list_adjustments
from dashboard.client import Client
from dashboard.format import MINUS, Formatter
from dashboard.language import traditional_chinese
from dashboard.views.patient import adjustments
from dashboard.views.patient.adjustments import change_words, staff_lines, who_words
from dashboard.views.patient.policies import POLICIES

OpenPage = Callable[..., AppTest]


@pytest.fixture
def ledger(client: Client) -> tuple[Adjustment, ...]:
    page = list_adjustments(client, "p-1", 26)
    assert isinstance(page, AdjustmentPage)
    return page.items


def test_only_what_changed_is_strong(ledger: tuple[Adjustment, ...], show: Formatter) -> None:
    assert change_words(ledger[0], show) == ":gray[17.0 kg] · 66 to 28° → **66 to 23°** · :gray[12 reps]"
    assert change_words(ledger[1], show).startswith("16.7 kg → **17.2 kg** · :gray[")


def test_a_first_dose_has_nothing_before_it(ledger: tuple[Adjustment, ...], show: Formatter) -> None:
    assert change_words(replace(ledger[0], before=None), show) == "**17.0 kg** · 66 to 23° · 12 reps"


def test_staff_see_the_sum_the_limit_and_who_decided(ledger: tuple[Adjustment, ...], show: Formatter) -> None:
    parts = f"+0.90 kg last two sets · {MINUS}0.20 kg pain 4 · {MINUS}0.20 kg nine days away"
    assert staff_lines(ledger[1], show) == [
        f"How the weight adds up: {parts}",
        "Deciding limit: limit of one session",
        "Decided by Steady \\(the usual one\\) · with the trained model",
    ]


def test_the_models_sum_is_not_under_a_dose_that_staff_chose(
    ledger: tuple[Adjustment, ...], show: Formatter
) -> None:
    assert staff_lines(replace(ledger[1], policy="staff"), show) == ["Decided by Staff"]


def test_the_parts_add_up_to_the_change(ledger: tuple[Adjustment, ...]) -> None:
    for adjustment in ledger:
        if adjustment.split and adjustment.before is not None:
            change_kg = adjustment.after.load_kg - adjustment.before.load_kg
            assert sum(part.kg for part in adjustment.split) == pytest.approx(change_kg)


def test_a_refusal_is_told_with_its_reason(ledger: tuple[Adjustment, ...], show: Formatter) -> None:
    assert "Refused by the machine: more than one step at once" in staff_lines(ledger[2], show)


def test_what_was_not_used_shows_only_on_asking(open_page: OpenPage, texts: Callable[[AppTest], str]) -> None:
    app = open_page("patient", patient="p-1", tab="adjustments")
    assert texts(app).count("Decided by") == 21
    app.toggle(key="unused").set_value(True).run()
    assert texts(app).count("Decided by") == 26
    assert texts(app).count("Not used: a newer one replaced it") == 5


def test_where_nothing_was_used_it_says_where_the_others_are(
    open_page: OpenPage, texts: Callable[[AppTest], str], fake_api: FakeApi
) -> None:
    fake_api.mood = "empty"
    app = open_page("patient", patient="p-1", tab="adjustments")
    assert "No adjustment was used yet." in texts(app)
    app.toggle(key="unused").set_value(True).run()
    assert "Nothing was adjusted yet." in texts(app)


def test_the_table_holds_what_the_screen_shows(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("patient", patient="p-1", tab="adjustments")
    app.toggle(key="table-adjustments-p-1-false").set_value(True).run()
    app.toggle(key="unused").set_value(True).run()
    app.toggle(key="table-adjustments-p-1-").set_value(True).run()
    tables = [path for path in fake_api.asked if "adjustments.csv" in path]
    assert tables == [f"/v1/patients/p-1/adjustments.csv{asked}" for asked in ("?unused=false", "")]


def test_rows_that_are_not_shown_take_no_place_of_those_that_are(
    open_page: OpenPage, texts: Callable[[AppTest], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adjustments, "FIRST_ROWS", 20)
    assert texts(open_page("patient", patient="p-1", tab="adjustments")).count("Decided by") == 20


def test_what_became_nothing_shows_without_asking_twice(
    open_page: OpenPage, texts: Callable[[AppTest], str]
) -> None:
    app = open_page("patient", patient="p-1", tab="adjustments", state="expired")
    assert texts(app).count("Decided by") == 5
    assert [toggle.key for toggle in app.toggle if toggle.key == "unused"] == []


def test_older_ones_come_on_asking(
    open_page: OpenPage, texts: Callable[[AppTest], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adjustments, "FIRST_ROWS", 20)
    app = open_page("patient", patient="p-1", tab="adjustments", unused="true")
    assert texts(app).count("Decided by") == 20
    app.button(key="older").click().run()
    assert texts(app).count("Decided by") == 26


def test_who_decided_is_said_in_words(ledger: tuple[Adjustment, ...], show: Formatter) -> None:
    assert who_words(ledger[0], show) == "Steady (the usual one) · with the trained model"
    assert who_words(replace(ledger[0], policy="staff"), show) == "Staff"
    untrained = replace(ledger[0], policy="brand_new", model="")
    assert who_words(untrained, show) == "Brand new · without a trained model"


def test_station_and_state_are_in_the_url_and_narrow_list_and_table(
    open_page: OpenPage, texts: Callable[[AppTest], str], fake_api: FakeApi
) -> None:
    app = open_page(
        "patient", patient="p-1", tab="adjustments", station="trunk_rotation-left", state="refused"
    )
    assert texts(app).count("**Trunk rotation, left**") == texts(app).count("Decided by") == 2
    app.toggle(key="table-adjustments-p-1-trunk_rotation-left-refused-false").set_value(True).run()
    wanted = "kind=trunk_rotation&side=left&state=refused&unused=false"
    asked = [path.split("?")[1] for path in fake_api.asked if "/adjustments" in path]
    assert asked == ["limit=40&" + wanted] * 2 + [wanted]
    app.selectbox(key="adjustments-state").set_value("applied").run()
    assert app.query_params["state"] == "applied"
    assert app.query_params["station"] == "trunk_rotation-left"


def test_a_choice_that_nothing_fits_says_so(open_page: OpenPage, texts: Callable[[AppTest], str]) -> None:
    app = open_page(
        "patient", patient="p-1", tab="adjustments", station="lumbar_flexion-both", state="planned"
    )
    assert "Nothing fits this choice." in texts(app)


def test_every_policy_of_the_model_has_a_name() -> None:
    assert POLICIES.keys() == ml.policies.POLICIES.keys()
    assert set(POLICIES.values()) - traditional_chinese().keys() == set()
