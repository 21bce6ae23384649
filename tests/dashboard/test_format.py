from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dashboard.api.terms import Dose, Reason
from dashboard.format import KG_PER_LB, MINUS, NOTHING, SPELLED, Formatter, plain, signed, whole

LATE = datetime(2026, 11, 21, 18, 5, tzinfo=UTC)
DOSE = Dose(load_kg=10.0, clinical_start_deg=66.0, clinical_end_deg=-12.4, reps=12, work_s=0.0)


def test_a_load_is_converted_and_not_only_relabelled(show: Formatter, show_lb: Formatter) -> None:
    assert show.load(10.0) == "10.0 kg"
    assert show_lb.load(10.0) == "22.0 lb"
    assert show_lb.load_value(KG_PER_LB) == pytest.approx(1.0)
    assert show_lb.load_change(-1.0) == f"{MINUS}2.2 lb"


def test_no_value_is_shown_as_a_dash(show: Formatter) -> None:
    assert show.load(None) == NOTHING
    assert show.load_value(None) is None
    assert show.window(None, 3.0) == NOTHING
    assert show.clock(None) == show.day(None) == show.moment(None) == show.word(None) == NOTHING


def test_moments_are_shown_in_the_zone_of_the_studio(show: Formatter, show_lb: Formatter) -> None:
    assert show.moment(LATE) == "22 Nov 2026 02:05"
    assert show_lb.day(LATE) == "2026年11月22日"


def test_times_of_a_site_elsewhere_are_its_own_and_say_so(show: Formatter, show_lb: Formatter) -> None:
    at = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
    there = show.at_site("Asia/Tokyo")
    assert (there.clock(at), there.day(at)) == ("00:30 (Tokyo)", "22 Nov 2026")
    assert there.moment(at) == "22 Nov 2026 00:30 (Tokyo)"
    assert show_lb.at_site("Asia/Tokyo").clock(at) == "00:30 (東京)"
    assert show.at_site("Asia/Hong_Kong") is show
    assert there.at_site("America/New_York").clock(at) == "10:30 (New York)"


def test_angles_keep_the_direction_of_the_movement(show: Formatter) -> None:
    assert show.window(DOSE.clinical_start_deg, DOSE.clinical_end_deg) == f"66 to {MINUS}12°"


def test_work_goes_by_seconds_only_where_seconds_are_set(show: Formatter) -> None:
    assert show.work(DOSE) == "12 reps"
    assert show.work(replace(DOSE, work_s=90.0)) == "90 s"


def test_a_station_names_its_side_only_where_there_are_two(show: Formatter) -> None:
    assert show.station("leg_press", "both") == "Leg press"
    assert show.station("trunk_rotation", "left") == "Trunk rotation, left"


def test_a_reason_is_told_in_the_viewers_language(show: Formatter, show_lb: Formatter) -> None:
    reason = Reason(code="load_up", text_en="A little more.", text_zh="稍多一點")
    assert show.reason(reason) == "A little more."
    assert show_lb.reason(reason) == "稍多一點"


@pytest.mark.parametrize(
    ("value", "text"), [(1.24, "+1.2"), (-1.26, f"{MINUS}1.3"), (-0.04, "0.0"), (0, "0.0")]
)
def test_signs_are_true_and_zero_has_none(value: float, text: str) -> None:
    assert signed(value, 1) == text


def test_small_negative_angles_are_not_minus_zero() -> None:
    assert whole(-0.4) == "0"


def test_names_cannot_bring_markdown_with_them() -> None:
    assert plain("[x](http://a.b) :red[y] *z*") == r"\[x\]\(http\://a.b\) \:red\[y\] \*z\*"


def test_codes_that_are_no_words_are_spelled_out(show: Formatter, show_lb: Formatter) -> None:
    assert (show.word("rir"), show.word("pain_set")) == ("Repetitions left", "Pain in the set")
    assert show.word("trunk_rotation") == "Trunk rotation"
    assert [show_lb.word(code) for code in SPELLED if show_lb.word(code).isascii()] == []
