from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.adjustments import (
    Adjustment,
    AdjustmentPage,
    Explanation,
    list_adjustments,
    read_explanation,
)
from dashboard.client import Client
from dashboard.format import MINUS, Formatter
from dashboard.views.patient import adjustments
from dashboard.views.patient.adjustments import change_words, explanation_lines, staff_lines

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
        "Decided by steady · effort-1",
    ]


def test_the_parts_add_up_to_the_change(ledger: tuple[Adjustment, ...]) -> None:
    for adjustment in ledger:
        if adjustment.split and adjustment.before is not None:
            change_kg = adjustment.after.load_kg - adjustment.before.load_kg
            assert sum(part.kg for part in adjustment.split) == pytest.approx(change_kg)


def test_a_refusal_is_told_with_its_reason(ledger: tuple[Adjustment, ...], show: Formatter) -> None:
    assert "Refused by the machine: step" in staff_lines(ledger[2], show)


def test_what_was_replaced_before_use_shows_only_on_asking(
    open_page: OpenPage, texts: Callable[[AppTest], str]
) -> None:
    app = open_page("patient", patient="p-1", tab="adjustments")
    assert texts(app).count("Decided by") == 21
    app.toggle(key="unused").set_value(True).run()
    assert texts(app).count("Decided by") == 26
    assert texts(app).count("Not used: superseded") == 5


def test_older_ones_come_on_asking(
    open_page: OpenPage, texts: Callable[[AppTest], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adjustments, "FIRST_ROWS", 20)
    app = open_page("patient", patient="p-1", tab="adjustments", unused="true")
    assert texts(app).count("Decided by") == 20
    app.button(key="older").click().run()
    assert texts(app).count("Decided by") == 26


def test_doubts_are_told_with_what_the_patient_heard(client: Client, show: Formatter) -> None:
    found = read_explanation(client, "a-1")
    assert isinstance(found, Explanation)
    assert explanation_lines(found, show) == [
        "Told to the patient: A little more weight.",
        "Believed to meet the effort: 21.4 kg · +0.12 kg growth",
        "Against it: pain was 3 of 10",
        "About 14 reps.",
        "Confidence low.",
    ]
    sure = replace(found, counter=(), forecast=None)
    assert len(explanation_lines(sure, show)) == 3


def test_doubts_are_fetched_on_asking(
    open_page: OpenPage, texts: Callable[[AppTest], str], fake_api: FakeApi
) -> None:
    app = open_page("patient", patient="p-1", tab="adjustments")
    assert not [path for path in fake_api.asked if "explanation" in path]
    app.toggle(key="why-a-1").set_value(True).run()
    assert "Against it: pain was 3 of 10" in texts(app)
    assert "/v1/adjustments/a-1/explanation" in fake_api.asked
