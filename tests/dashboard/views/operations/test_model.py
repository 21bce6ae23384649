from dataclasses import replace
from typing import Any

import altair as alt
import pytest
from fake_service.api import FakeApi

from dashboard.api.model import ModelInUse, read_model
from dashboard.charts.model import calibration_chart, overrides_chart
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.operations.model import (
    VERDICTS,
    card_lines,
    drift_rows,
    is_taken_back,
    overrides_words,
    part_words,
    promises,
    shadow_words,
    who_words,
)
from services.api.schemas.model import InputDrift


@pytest.fixture
def found(client: Client) -> ModelInUse:
    answer = read_model(client)
    assert isinstance(answer, ModelInUse)
    return answer


def test_who_decides_is_named_with_who_vouches_for_it(found: ModelInUse, show: Formatter) -> None:
    said = who_words(found, show)
    assert said == "Rule: Steady, with the model effort-8ceaac0511cd, signed by model-66a7cee2"
    assert who_words(replace(found, model=None), show) == "Rule: Steady, without a trained model"


def test_the_two_promises_have_figure_ground_and_verdict(found: ModelInUse, show: Formatter) -> None:
    band, surprise = promises(found, show)
    assert band[1:] == ("81 %", "120 sets that went to failure or were asked", "steady")
    assert surprise[1:] == ("+0.08", "spread 1.31 (1 is promised), 80 sets", "watch")


def test_what_has_drifted_comes_first_with_its_index(found: ModelInUse, show: Formatter) -> None:
    rows = drift_rows(found.drift.inputs, found.drift.recent, show)
    assert [row["Against training"] for row in rows] == [
        "No longer as in training (0.31)",
        "Moving away (0.16)",
        "As in training (0.04)",
        "Too little data",
    ]
    assert drift_rows(found.drift.inputs, (), show)[0]["Against the sets before"] == "Too little data"


def test_every_verdict_of_the_service_has_words() -> None:
    assert set(VERDICTS) == set(InputDrift.model_json_schema()["properties"]["verdict"]["enum"])


def test_the_weeks_are_summed_up(found: ModelInUse, show: Formatter) -> None:
    said = overrides_words(found.overrides, show)
    assert said.startswith("1920 settings: 1680 applied, 48 made lighter, 24 ended as too heavy, 16 ended by")


def test_the_card_says_what_the_model_is_worth_against_the_median(found: ModelInUse, show: Formatter) -> None:
    assert found.card is not None
    made, error, band = card_lines(found.card, show)
    assert made == "Made of 75140 sets of 3000 emulated people, judged on 600 people kept apart."
    assert error == "Off by 1.2 repetitions on average; always saying the median would be off by 4.0."
    assert band.endswith("50 % in the worst tenth of people.")


def test_a_part_of_the_people_is_named_in_the_viewers_language(show: Formatter, show_lb: Formatter) -> None:
    assert part_words("female, age under 40, mild", show) == "Female, Age under 40, Mild"
    assert part_words("female, age under 40, mild", show_lb) == "女, 40 歲以下, 輕微"


def test_a_challenger_is_told_by_what_it_would_have_done(found: ModelInUse, show: Formatter) -> None:
    said = shadow_words(found.shadow[0], show)
    assert "1240 decisions, the same in 71 %, load +4.2 % on average, 0 outside of the limits" in said


def test_the_calibration_has_a_dot_a_bin_and_a_colour_a_model(found: ModelInUse, show: Formatter) -> None:
    report = found.shadow[0].report
    chart = calibration_chart({"In use": report.champion, "Challenger": report.challenger}, show)
    assert chart is not None
    rows = [row for row in drawn(chart) if "model" in row]
    assert [(row["model"], round(row["predicted"])) for row in rows] == [
        *(("In use", pct) for pct in (10, 30, 50)),
        *(("Challenger", pct) for pct in (10, 30, 50)),
    ]
    assert calibration_chart({"In use": replace(report.champion, bins=())}, show) is None


def test_a_week_without_an_applied_setting_has_no_bar(found: ModelInUse, show: Formatter) -> None:
    weeks = [replace(found.overrides[0], share=None), *found.overrides[1:]]
    chart = overrides_chart(weeks, show)
    assert chart is not None
    assert len(drawn(chart)) == 7
    assert overrides_chart([], show) is None


def test_a_studio_without_a_model_says_so(client: Client, fake_api: FakeApi, show: Formatter) -> None:
    fake_api.mood = "empty"
    found = read_model(client)
    assert isinstance(found, ModelInUse)
    assert found.card is None
    assert [figure for _, figure, _, _ in promises(found, show)] == ["—", "—"]


def drawn(chart: alt.LayerChart | alt.Chart) -> list[dict[str, Any]]:
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


def test_bars_of_nothing_are_no_chart(found: ModelInUse) -> None:
    weeks = [replace(week, share=0.0) for week in found.overrides]
    assert not is_taken_back([replace(weeks[0], share=None), *weeks])
    assert is_taken_back([*weeks, replace(weeks[0], share=0.02)])
