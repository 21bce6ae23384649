from dataclasses import replace
from typing import Any

import pytest

from dashboard.api.sessions import SessionDetail, SetDone, read_session
from dashboard.charts.reps import clinical_deg, rep_curves, rep_panels
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
    assert values[0] == [{"low": 64.0, "high": 28.0}]
    assert [row["deg"] for row in values[1]] == [64.0, 28.0]
    first = done.reps[0].curve
    assert first is not None
    assert values[2][0]["deg"] == pytest.approx(72 - first.deg[0])


def test_a_set_without_curves_has_no_chart(done: SetDone, show: Formatter) -> None:
    bare = tuple(replace(rep, curve=None) for rep in done.reps)
    assert rep_curves(replace(done, reps=bare), "lumbar_extension", show) is None


def test_a_set_without_a_known_dose_still_shows_its_curves(done: SetDone, show: Formatter) -> None:
    assert rep_curves(replace(done, dose=None), None, show) is not None


def test_an_unknown_kind_keeps_its_travel() -> None:
    assert clinical_deg(None, 12.0) == clinical_deg("gong", 12.0) == 12.0
    assert clinical_deg("lumbar_extension", 12.0) == 60.0


def test_range_and_speed_stand_on_one_axis_of_reps(done: SetDone, show: Formatter) -> None:
    chart: Any = rep_panels(done, show)
    spec = chart.to_dict()
    domains = [spec["vconcat"][0]["layer"][1]["encoding"]["x"], spec["vconcat"][1]["encoding"]["x"]]
    assert [one["scale"]["domain"] for one in domains] == [[1, 10], [1, 10]]
    rows = [row for data in spec["datasets"].values() for row in data if "speed" in row]
    assert (rows[0]["start"], rows[0]["speed_text"]) == (done.reps[0].clinical_start_deg, "18 °/s")


def test_a_flagged_rep_is_told_apart_by_word_and_shape(done: SetDone, show: Formatter) -> None:
    chart: Any = rep_panels(done, show)
    rows = [row for data in chart.to_dict()["datasets"].values() for row in data if "speed" in row]
    assert [row["kind"] for row in rows] == ["no flag"] * 9 + ["flagged"]
    assert (rows[0]["flags"], rows[-1]["flags"]) == ("none", "partial")
    assert chart.to_dict()["vconcat"][1]["encoding"]["shape"]["scale"]["range"] == ["circle", "triangle-up"]


def test_a_set_without_reps_has_no_panels(done: SetDone, show: Formatter) -> None:
    assert rep_panels(replace(done, reps=()), show) is None
    bare: Any = rep_panels(replace(done, dose=None), show)
    assert len(bare.to_dict()["vconcat"][0]["layer"]) == 1
