"""Figures survive the way into a form and back; what is wider is judged as the process that signs does."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contract.machines import catalogue
from contract.messages import Envelope, SideRange
from dashboard.api.limits import Figures, LimitsHistory, Window, list_limit_versions
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.prescribing.drafting import (
    ASKED,
    angles_of,
    figures_of,
    first_figures,
    grams,
    grown,
    holding,
    shown_load,
    window_of,
)
from services.prescribing.widening import wider

CDEG = some.integers(-4_500, 9_000)
WINDOWS = some.builds(Window, lowest_cdeg=CDEG, highest_cdeg=CDEG, start_highest_cdeg=CDEG)
FIGURES = some.builds(
    Figures,
    max_load_g=some.integers(0, 3),
    phase_cap_g=some.integers(0, 3),
    max_torque_nm=some.integers(0, 3),
    max_speed_cdeg_s=some.integers(0, 3),
    sides=some.dictionaries(some.sampled_from(["left", "right", "both"]), WINDOWS),
    phase=some.sampled_from(list(ASKED)),
    pain_green_nrs=some.integers(0, 3),
    pain_amber_nrs=some.integers(0, 3),
)


def envelope(figures: Figures) -> Envelope:
    values: dict[str, Any] = {name: getattr(figures, name) for name in Figures.__dataclass_fields__}
    values["sides"] = {
        side: SideRange(
            lowest_cdeg=window.lowest_cdeg,
            highest_cdeg=window.highest_cdeg,
            start_highest_cdeg=window.start_highest_cdeg,
        )
        for side, window in figures.sides.items()
    }
    fixed: dict[str, Any] = {
        "version": 1,
        "subject": "0" * 32,
        "machine_kind": "row",
        "valid_until_ms": 1,
        "key_id": "",
    }
    return Envelope(**values, **fixed)


@given(FIGURES, FIGURES)
def test_a_form_calls_wider_what_the_signing_process_calls_wider(before: Figures, after: Figures) -> None:
    expected = list(wider(envelope(before), envelope(after)))
    assert list(grown(before, after)) == expected


def test_first_limits_are_signed_by_one_person() -> None:
    assert grown(None, first_figures("row")) == ()


@pytest.mark.parametrize("kind", catalogue())
@given(window=WINDOWS)
def test_clinical_angles_turn_back_into_the_same_travel(kind: str, window: Window) -> None:
    assert window_of(angles_of(window, kind), kind) == window


def test_extension_is_read_from_flexed_to_extended() -> None:
    angles = angles_of(
        Window(lowest_cdeg=1_800, highest_cdeg=5_400, start_highest_cdeg=5_000), "lumbar_extension"
    )
    assert (angles.start_deg, angles.end_deg, angles.first_end_deg) == (54.0, 18.0, 22.0)


@pytest.mark.parametrize("held_g", [0, 40_000, 28_537, 12_345])
def test_a_weight_that_is_left_alone_stays_to_the_gram(
    held_g: int, show: Formatter, show_lb: Formatter
) -> None:
    for reading in (show, show_lb):
        assert grams(shown_load(held_g, reading), held_g, reading) == held_g


def test_another_weight_is_rounded_down_to_whole_steps(show: Formatter, show_lb: Formatter) -> None:
    assert grams(24.3, 0, show) == 24_300
    assert grams(24.38, 0, show) == 24_300
    assert grams(100.0, 0, show_lb) == 45_300  # 45.359 kg


def test_first_limits_carry_no_load_and_the_range_of_a_first_visit() -> None:
    first = first_figures("trunk_rotation")
    assert (first.max_load_g, first.phase_cap_g, first.max_torque_nm, first.phase) == (0, 0, 0, "calm")
    assert set(first.sides) == {"left", "right"}
    assert first.sides["left"].highest_cdeg == 1_500


def test_a_version_is_read_in_the_units_in_which_it_was_signed(client: Client) -> None:
    found = list_limit_versions(client, "p-1", "trunk_rotation")
    assert isinstance(found, LimitsHistory)
    figures = figures_of(found.items[0])
    assert (figures.max_load_g, figures.phase_cap_g, figures.max_speed_cdeg_s) == (40_000, 28_500, 4_500)
    assert figures.sides["left"] == Window(lowest_cdeg=-3_000, highest_cdeg=3_000, start_highest_cdeg=3_000)


def test_to_withdraw_is_no_way_around_the_second_person(client: Client) -> None:
    found = list_limit_versions(client, "p-1", "row")
    assert isinstance(found, LimitsHistory)
    newest, before = found.items
    assert holding((replace(newest, withdrawn=True), before)) == before
    assert holding((replace(newest, withdrawn=True),)) is None
