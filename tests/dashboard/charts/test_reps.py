from dataclasses import replace
from typing import Any

import pytest

from dashboard.api.sessions import SessionDetail, SetDone, read_session
from dashboard.charts.reps import clinical_deg, rep_curves
from dashboard.client import Client
from dashboard.format import Formatter


@pytest.fixture
def done(client: Client) -> SetDone:
    answer = read_session(client, "s-0")
    assert isinstance(answer, SessionDetail)
    return answer.sets[0]


def test_every_repetition_is_one_line_of_32_points(done: SetDone, show: Formatter) -> None:
    chart: Any = rep_curves(done, "lumbar_extension", show)
    drawn = [row for data in chart.to_dict()["datasets"].values() for row in data if "rep" in row]
    assert len(drawn) == 10 * 32
    assert {row["rep"] for row in drawn} == set(range(1, 11))


def test_the_angle_is_the_clinical_one_and_the_prescribed_range_is_marked(
    done: SetDone, show: Formatter
) -> None:
    chart: Any = rep_curves(done, "lumbar_extension", show)
    values = list(chart.to_dict()["datasets"].values())
    assert [row["deg"] for row in values[0]] == [64.0, 28.0]
    first = done.reps[0].curve
    assert first is not None
    assert values[1][0]["deg"] == pytest.approx(72 - first.deg[0])


def test_a_set_without_curves_has_no_chart(done: SetDone, show: Formatter) -> None:
    bare = tuple(replace(rep, curve=None) for rep in done.reps)
    assert rep_curves(replace(done, reps=bare), "lumbar_extension", show) is None


def test_a_set_without_a_known_dose_still_shows_its_curves(done: SetDone, show: Formatter) -> None:
    assert rep_curves(replace(done, dose=None), None, show) is not None


def test_an_unknown_kind_keeps_its_travel() -> None:
    assert clinical_deg(None, 12.0) == clinical_deg("gong", 12.0) == 12.0
    assert clinical_deg("lumbar_extension", 12.0) == 60.0
