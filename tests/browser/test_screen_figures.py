"""Loads, angles, reasons and the band ahead, as the page itself works them out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from agent_room import setting_of
from screen_shown import Shown
from screen_states import ROW, STATES

from machine_agent.agent.corridor import target_deg

pytestmark = pytest.mark.browser


def test_pounds_are_pounds(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page(query="?units=lb")
    shown.tell(page, STATES["confirm"])
    assert "27.6 lb" in page.inner_text("main")
    assert "kg" not in page.inner_text("main")


@pytest.mark.parametrize(
    ("kind", "start_cdeg", "end_cdeg", "text"),
    [
        ("lumbar_extension", 0, 7_200, "72° to 0°"),
        ("neck_extension", 2_000, 5_600, "50° to 14°"),
        ("trunk_rotation", -3_000, 3_000, "-30° to 30°"),
        ("hip_abduction", 0, 3_000, "0° to 30°"),
    ],
)
def test_angles_are_clinical(
    open_page: Callable[..., Any], shown: Shown, kind: str, start_cdeg: int, end_cdeg: int, text: str
) -> None:
    page = open_page()
    row = replace(ROW, start_cdeg=start_cdeg, end_cdeg=end_cdeg)
    shown.tell(page, replace(STATES["confirm"], kind=kind, row=row))
    assert text in page.inner_text("main")


DIRECTION = """async (why) => (await import('/static/why.js')).directionOf(why)"""
FALLS = {"from_g": 10_000, "to_g": 8_000}
SAID = """async ([why, last]) => (await import('/static/why.js')).sentences(why, last)"""


@pytest.mark.parametrize(
    ("why", "last", "said"),
    [
        (
            {"code": "raise_range", "values": {"from_cdeg": 100, "to_cdeg": 600}},
            10,
            "because all 10 were smooth",
        ),
        ({"code": "raise_range", "values": {"from_cdeg": 100, "to_cdeg": 600}}, None, "because it went well"),
        (
            {"code": "raise_load", "values": {"from_g": 1_500, "to_g": 1_600}},
            9,
            "1.5 kg to 1.6 kg, because all 9",
        ),
        (
            {"code": "raise_time", "values": {"from_ms": 60_000, "to_ms": 75_000}},
            None,
            "75 seconds instead of 60",
        ),
        ({"code": "raise_reps", "values": {"from_reps": 10, "to_reps": 12}}, None, "12 reps instead of 10"),
        (
            {"code": "hold_away_15", "values": {"days": 19}},
            None,
            "The same again: you were away for 19 days.",
        ),
        ({"code": "lower_too_heavy", "values": {}}, None, "A little less: you said it was too heavy."),
        ({"code": "stay_set_not_done", "values": {}}, None, "Nothing goes up: first the whole set."),
        (
            {"code": "cap_after_spasm", "values": {}},
            None,
            "No further than that: after the spasm we come back step by step.",
        ),
        ({"code": "climb", "values": {"from_g": 5_000, "to_g": 9_000}}, None, "more weight, step by step."),
        ({"code": "lower_usual", "values": {}}, None, "A little less: back to your usual first."),
        ({"code": "hold_steady", "values": {}}, None, "this is right for you today"),
        ({"code": "limit_week_cap", "values": {}}, None, "enough for one week"),
        ({"code": "never_heard_of", "values": {}}, None, "As planned."),
    ],
)
def test_reasons_are_said(open_page: Callable[..., Any], why: Any, last: int | None, said: str) -> None:
    last_set = {"ended_by": "target", "partial_reps": 0, "reps": last} if last else None
    assert said in " ".join(open_page().evaluate(SAID, [[why], last_set]))


@pytest.mark.parametrize(
    ("code", "values", "direction"),
    [
        ("raise_load", {}, "up"),
        ("plan_back", {}, "up"),
        ("climb", {}, "up"),
        ("lower_usual", {}, "down"),
        ("limit_load", FALLS, "down"),
        ("limit_load", {}, "equal"),
        ("limit_range", {"from_cdeg": 3_500, "to_cdeg": 3_000}, "down"),
        ("limit_range", {}, "equal"),
        ("hold_steady", {}, "equal"),
        (None, {}, "equal"),
    ],
)
def test_the_sign_beside_a_reason_points_where_it_goes(
    open_page: Callable[..., Any], code: str | None, values: dict[str, int], direction: str
) -> None:
    why = [{"code": code, "values": values}] if code else []
    assert open_page().evaluate(DIRECTION, why) == direction


def test_a_load_that_falls_behind_a_rise_of_range_is_said_first(open_page: Callable[..., Any]) -> None:
    rise = {"code": "raise_range", "values": {"from_cdeg": 100, "to_cdeg": 600}}
    why = [{"code": "limit_load", "values": FALLS}, rise]
    page = open_page()
    said = page.evaluate(SAID, [why, None])
    assert "agreed weight limit" in said[0]
    assert "further" in said[1]
    assert page.evaluate(DIRECTION, why) == "down"


def test_a_limit_that_took_something_is_said_before_what_only_forbids_a_rise(
    open_page: Callable[..., Any],
) -> None:
    took = [{"code": "limit_week_cap", "values": {}}, {"code": "stay_set_not_done", "values": {}}]
    assert "enough for one week" in open_page().evaluate(SAID, [took, None])[0]
    assert "enough" not in " ".join(open_page().evaluate(SAID, [took[::-1], None]))


AHEAD = """async ([set, seen, ahead]) => {
  const pace = (await import('/static/pace.js')).makePace(set);
  for (const [at, target] of seen) pace.see(at, target, false);
  return ahead.map((ms) => Math.round(pace.ahead(ms) * 10) / 10);
}"""


@pytest.mark.parametrize("seen_ms", [1_000, 1_950, 2_500, 4_500, 5_950, 7_000, 61_000])
def test_the_band_goes_on_as_the_agent_will(open_page: Callable[..., Any], seen_ms: int) -> None:
    row = setting_of(tempo_ms=ROW.tempo_ms, start_cdeg=ROW.start_cdeg, end_cdeg=ROW.end_cdeg)
    told = {"tempo_ms": ROW.tempo_ms, "start_cdeg": ROW.start_cdeg, "end_cdeg": ROW.end_cdeg}
    ahead_ms = [0, 500, 1_000, 2_000, 2_900]
    seen = [[at, target_deg(row, at)] for at in range(0, seen_ms + 1, 50)]
    found = open_page().evaluate(AHEAD, [told, seen, ahead_ms])
    assert found == pytest.approx([target_deg(row, seen_ms + ms) for ms in ahead_ms], abs=1.0)
