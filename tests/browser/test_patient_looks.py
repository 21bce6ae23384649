"""What moves on a patient's page in a real browser: the replay, and the hover over all panels at once."""

from collections.abc import Callable
from typing import Any

import pytest
from fake_service.api import FakeApi

pytestmark = pytest.mark.browser
Visiting = Callable[..., Any]


def test_a_replay_plays_pauses_and_seeks_without_a_page_run(visit: Visiting, fake_api: FakeApi) -> None:
    viewer = visit()
    page = viewer.go("/patient?patient=p-1&tab=replay&session=s-1")
    player = page.locator(".replay")
    player.get_by_role("button", name="Play").wait_for(timeout=20_000)
    asked = len(fake_api.asked)
    place, rep = (
        player.get_by_role("slider", name="Place in the session"),
        player.locator("[data-figure=rep]"),
    )
    player.get_by_label("Pace").select_option("10")
    player.get_by_role("button", name="Play").click()
    player.locator("[data-figure=angle]", has_text="°").wait_for(timeout=20_000)
    player.get_by_role("button", name="Pause").click()
    stopped = place.input_value()
    page.wait_for_timeout(300)
    assert place.input_value() == stopped != "0"
    place.focus()
    place.press("End")
    assert (rep.inner_text(), player.locator("[data-figure=set]").inner_text()) == ("10", "2")
    assert player.locator(".events li.past").count() == player.locator(".events li").count() == 3
    place.press("Home")
    assert rep.inner_text() == "—"
    assert len(fake_api.asked) == asked
    assert viewer.faults == []


def test_a_place_in_the_session_stays_when_the_page_runs_again(visit: Visiting) -> None:
    page = visit().go("/patient?patient=p-1&tab=replay")
    player = page.locator(".replay")
    place = player.get_by_role("slider", name="Place in the session")
    place.wait_for(timeout=20_000)
    place.press("End")
    page.get_by_text("Stations, limits and today's dose").click()
    page.get_by_text("valid until").first.wait_for(timeout=20_000)
    assert player.locator("[data-figure=set]").inner_text() == "2"


def test_a_day_is_shown_in_every_panel_at_once(visit: Visiting) -> None:
    viewer = visit(width=1280, height=1600)
    page = viewer.go("/patient?patient=p-1&tab=progress")
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    chart.locator("svg").wait_for(timeout=20_000)
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    shown = "svg line[opacity='0.9']"
    assert chart.locator(shown).count() == 0
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 180)
    page.locator(shown).nth(5).wait_for(timeout=20_000, state="attached")  # a line has no width
    assert chart.locator(shown).count() == 6
    days = {line.get_attribute("aria-label") for line in chart.locator(shown).all()}
    assert len(days) == 1
    page.locator("#vg-tooltip-element").get_by_text("Capacity").wait_for(timeout=20_000)
    assert viewer.faults == []
