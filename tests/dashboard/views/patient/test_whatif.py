from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.whatif import WhatIf, read_whatif
from dashboard.charts.whatif import set_rows, whatif_chart
from dashboard.client import Client
from dashboard.format import KG_PER_LB, Formatter
from dashboard.language import traditional_chinese
from dashboard.views.patient.whatif import (
    HOWS,
    MEANING,
    ONE_STEP,
    PAINS,
    SIMULATED,
    left_out_lines,
    limit_query,
    total_rows,
    verdict_words,
)

OpenPage = Callable[..., AppTest]


@pytest.fixture
def found(client: Client) -> WhatIf:
    answer = read_whatif(client, "p-1", {"policy": "linear"})
    assert isinstance(answer, WhatIf)
    return answer


def test_both_sides_stand_beside_each_other(found: WhatIf, show_lb: Formatter, show: Formatter) -> None:
    rows = total_rows(found, show)
    assert rows[1] == {"": "Sets at effort 8 and more", "What happened": "0", "What if": "4"}
    assert rows[3] == {"": "Last load", "What happened": "15.2 kg", "What if": "19.9 kg"}
    assert rows[4]["What if"] == "4 %"
    assert total_rows(found, show_lb)[3][show_lb.say("What happened")] == "33.5 lb"


@pytest.mark.parametrize(("hard", "told"), [(5, "5 more"), (0, "as many"), (-2, "2 fewer")])
def test_the_verdict_counts_hard_sets(hard: int, told: str, found: WhatIf, show: Formatter) -> None:
    real = replace(found.real, hard_sets=3)
    other = replace(found.other, hard_sets=3 + hard)
    words = verdict_words(replace(found, real=real, other=other), show)
    assert words.startswith("22 of 24 decisions differ; ")
    assert told in words


def test_what_was_not_compared_is_counted(found: WhatIf, show: Formatter) -> None:
    lines = left_out_lines(found, show)
    assert [line.rsplit(" ", maxsplit=1)[1] for line in lines] == ["1", "2"]
    assert left_out_lines(replace(found, left_out=(), sets=found.sets[:3], drifted=4), show) == [
        "Decisions that come out differently with nothing changed (older software): 4"
    ]


def test_limits_are_asked_for_in_kilograms(show: Formatter, show_lb: Formatter) -> None:
    assert limit_query(None, {"pain_green_nrs": None}, show) == {}
    assert limit_query(20.0, {"pain_green_nrs": 2}, show) == {"max_load_kg": "20", "pain_green_nrs": "2"}
    assert float(limit_query(44.0, {}, show_lb)["max_load_kg"]) == pytest.approx(44.0 * KG_PER_LB, abs=1e-3)


def test_a_set_without_a_safe_dose_leaves_a_gap(found: WhatIf, show: Formatter) -> None:
    rows = set_rows(found.sets, ("real", "other"), show)
    gaps = [(row["number"], row["side"]) for row in rows if row["load"] is None]
    assert gaps == [(21, "other")]
    assert len(rows) == 48
    chart: Any = whatif_chart(found.sets, show)
    assert [panel["title"]["text"] for panel in chart.to_dict()["vconcat"]] == [
        "Weight in kg",
        "Predicted effort (0 to 10); dashed: 8, hard",
    ]


def test_nothing_is_asked_before_it_is_wanted_and_the_question_is_in_the_url(
    open_page: OpenPage, texts: Callable[[AppTest], str], fake_api: FakeApi
) -> None:
    app = open_page("patient", patient="p-1", tab="what-if", policy="medx", how="simulated")
    assert not [path for path in fake_api.asked if "/whatif" in path]
    app.toggle(key="compare").set_value(True).run()
    asked = [path for path in fake_api.asked if "/whatif" in path]
    assert asked == ["/v1/patients/p-1/whatif?policy=medx&kind=lumbar_extension&side=both&simulate=true"]
    assert [str(one.value) for one in app.warning] == [SIMULATED]
    app.number_input(key="whatif-pain_green_nrs").set_value(2).run()
    assert fake_api.asked[-1].endswith("&pain_green_nrs=2")
    assert "decisions differ" in texts(app)


def test_its_words_are_translated() -> None:
    said = {*HOWS.values(), *PAINS.values(), ONE_STEP, SIMULATED, MEANING}
    assert said - traditional_chinese().keys() == set()
