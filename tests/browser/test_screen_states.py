"""Every state of a machine on its screen: each fits both sizes in both languages and shows its own page."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from agent_room import setting_of
from kiosk_room import LoopThread
from screen_states import EMPTY, ROW, SESSION, STATES, WORKING, FakeAgent

from machine_agent import inputs
from machine_agent.agent.corridor import target_deg
from machine_agent.agent.view import View
from machine_agent.screen import listen, serve

pytestmark = pytest.mark.browser
JUDGE = (Path(__file__).parent / "judge.js").read_text(encoding="utf-8")
JUDGEMENTS = ("outside", "cut", "overlaps", "scrolled")
SIZES = ((1280, 800), (800, 480))
TOUCH_PX = 64
BODY_PX = 24  # places of the body (WCAG 2.5.8); what was chosen is said in words before it counts
PAGES = {
    "boot": "starting", "welcome": "welcome", "locked": "welcome", "plan": "plan", "offline_pin": "offline",
    "guided_only": "guided", "confirm": "confirm", "nothing": "confirm", "weigh_in": "weigh",
    "weighing": "weighing", "start": "ready", "kept": "ready", "rest_over": "ready", "leaving": "ready",
    "loading": "live", "set": "live",
    "set_offline": "live", "set_timed": "live", "mobility": "live", "isometric": "live", "rest": "rest",
    "paused": "paused", "stopped_pain": "stopped", "stopped_unwell": "stopped", "emergency": "stopped",
    "fault": "fault", "estop": "fault", "goodbye": "goodbye",
}  # fmt: skip
SMALL_TARGETS = """(least) => [...document.querySelectorAll(least.which)]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.textContent, one.getBoundingClientRect()])
    .filter(([, box]) => box.width < least.px - 0.5 || box.height < least.px - 0.5)
    .map(([text, box]) => `${text} ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


@dataclass(kw_only=True)
class Shown:
    """A screen before a fake agent, which goes on showing the same view until it is told another."""

    agent: FakeAgent = field(default_factory=FakeAgent)
    view: View = EMPTY
    is_silent: bool = False
    port: int = 0
    session: int = 0

    async def run(self) -> None:
        door, stop = listen(0), asyncio.Event()
        self.port = door.getsockname()[1]
        serving = asyncio.create_task(serve(self.agent.screen, door, stop))
        try:
            while True:
                if not self.is_silent:
                    self.agent.show(self.view)
                await asyncio.sleep(0.02)
        finally:
            stop.set()
            await serving

    def tell(self, page: Any, view: View, language: str = "en") -> None:
        """Show a view as that of another person, and wait until the page shows that one."""
        self.session += 1
        mine = f"{SESSION[:-4]}{self.session:04d}" if view.session else None
        greeting = f"陳太 {self.session}" if view.greeting else ""
        self.view = replace(view, session=mine, language=language, greeting=greeting)
        page.wait_for_function(
            "(name) => document.querySelector('#top').textContent.includes(name)", arg=greeting
        )

    def change(self, **changes: Any) -> None:
        """Change the view of the person who is here."""
        self.view = replace(self.view, **changes)

    def touches(self, page: Any, count: int) -> list[Any]:
        """Wait until so many touches have come."""
        found = self.agent.taken()
        while len(found) < count:
            page.wait_for_timeout(20)
            found += self.agent.taken()
        return found


@pytest.fixture(scope="module")
def shown() -> Iterator[Shown]:
    thread, shown = LoopThread(), Shown()
    running = thread.begin(shown.run())
    while not shown.port:
        time.sleep(0.01)
    yield shown
    thread.end(running)
    thread.close()


@pytest.fixture
def open_page(browser: Any, shown: Shown) -> Iterator[Callable[..., Any]]:
    contexts = []

    def open_one(language: str = "en", size: tuple[int, int] = SIZES[0], query: str = "") -> Any:
        shown.view, shown.is_silent = EMPTY, False
        shown.agent.taken()
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, locale=language, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: pytest.fail(str(fault)))
        page.goto(f"http://127.0.0.1:{shown.port}/{query}")
        page.wait_for_selector("main[data-page=welcome]")
        return page

    yield open_one
    for context in contexts:
        context.close()


def page_of(name: str) -> str:
    return PAGES.get(name, "question")


@pytest.mark.parametrize("size", SIZES, ids=["large", "small"])
@pytest.mark.parametrize("language", ["en", "zh-HK"])
def test_every_state_fits(
    open_page: Callable[..., Any], shown: Shown, language: str, size: tuple[int, int]
) -> None:
    page = open_page(language, size)
    wrong: list[str] = []
    for name, view in STATES.items():
        shown.tell(page, view, language)
        if page.locator("main").get_attribute("data-page") == "set_up":
            wrong += judged(page, f"{name} set_up", language)
            page.click("[data-do=belt]")
        page.wait_for_selector(f"main[data-page={page_of(name)}]")
        for option in page.locator("main .option").all()[:1]:
            option.click()
        wrong += judged(page, name, language)
    assert wrong == []


def judged(page: Any, name: str, language: str) -> list[str]:
    found = [f"{what}: {one}" for what in JUDGEMENTS for one in page.evaluate(JUDGE, what)]
    small = page.evaluate(SMALL_TARGETS, {"which": "button", "px": TOUCH_PX})
    small += page.evaluate(SMALL_TARGETS, {"which": ".region", "px": BODY_PX})
    found += [f"small: {one}" for one in small]
    if language != "en":
        found += [f"English: {one}" for one in page.evaluate(JUDGE, "latin")]
    return [f"{name}: {one}" for one in found]


def test_what_is_done_at_the_page_reaches_the_agent(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    for name, done, wanted in (
        ("confirm", "confirm", inputs.Confirm()),
        ("confirm", "not-me", inputs.SignOff()),
        ("weigh_in", "belt", inputs.Confirm()),
        ("set", "pause", inputs.Press(button="stop")),
        ("set", "pain", inputs.Press(button="pain")),
        ("set", "unwell", inputs.Press(button="unwell")),
        ("set", "too_heavy", inputs.Press(button="too_heavy")),
        ("paused", "resume", inputs.Resume()),
        ("goodbye", "finish", inputs.SignOff()),
        ("leaving", "here", inputs.Resume()),
    ):
        shown.tell(page, STATES[name])
        page.click(f"[data-do={done}]")
        assert shown.touches(page, 1) == [wanted], name


def test_start_counts_down_and_then_starts(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    shown.tell(page, STATES["rest_over"])
    page.click("[data-do=start]")
    page.wait_for_selector("[data-left='1']")
    assert shown.agent.taken() == []
    assert shown.touches(page, 1) == [inputs.Start()]


def test_a_stop_in_the_countdown_starts_nothing(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    shown.tell(page, STATES["rest_over"])
    page.click("[data-do=start]")
    page.wait_for_selector("[data-left='3']")
    page.keyboard.press("d")
    assert shown.touches(page, 1) == [inputs.Press(button="unwell")]
    shown.tell(page, STATES["stopped_unwell"])
    page.wait_for_timeout(4_000)
    assert shown.agent.taken() == []


def test_a_countdown_goes_on_to_less_and_never_to_more(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    shown.tell(page, STATES["rest_over"])
    page.click("[data-do=start]")
    page.wait_for_selector("[data-left='3']")
    shown.change(row=replace(ROW, load_g=ROW.load_g - 1_000))
    page.wait_for_selector("[data-left='2']")
    shown.change(row=replace(ROW, load_g=ROW.load_g + 100))
    page.wait_for_selector("[data-do=start]")
    assert "12.6 kg" in page.inner_text("main")
    page.wait_for_timeout(3_000)
    assert shown.agent.taken() == []


def test_the_arm_moves_while_the_button_is_held(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    shown.tell(page, STATES["stopped_pain"])
    box = page.locator(".hold.arm").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    assert set(shown.touches(page, 5)) == {inputs.MoveArm()}
    page.mouse.up()
    page.wait_for_timeout(300)
    shown.agent.taken()
    page.wait_for_timeout(500)
    assert shown.agent.taken() == []


def test_a_fault_is_reset_by_a_long_press_only(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    shown.tell(page, STATES["fault"])
    page.click(".hold.reset")
    page.wait_for_timeout(3_500)
    assert shown.agent.taken() == []
    page.locator(".hold.reset").focus()
    page.keyboard.down("Space")
    assert shown.touches(page, 1) == [inputs.Reset()]
    page.keyboard.up("Space")


def test_a_silent_agent_greys_the_page_and_says_since_when(
    open_page: Callable[..., Any], shown: Shown
) -> None:
    page = open_page()
    shown.tell(page, STATES["set"])
    shown.is_silent = True
    page.wait_for_selector("body.stale")
    assert re.search(r"As of \d\d:\d\d:\d\d", page.inner_text("#notices"))
    assert page.evaluate("document.querySelector('main').inert")
    page.click("[data-do=pain]")
    assert shown.touches(page, 1) == [inputs.Press(button="pain")]
    shown.is_silent = False
    page.wait_for_selector("body:not(.stale)")


def test_old_samples_grey_the_page_during_a_set_only(open_page: Callable[..., Any], shown: Shown) -> None:
    page = open_page()
    shown.tell(page, replace(STATES["start"], sample_age_ms=60_000))
    assert not page.evaluate("document.body.classList.contains('stale')")
    shown.tell(page, replace(WORKING, sample_age_ms=3_500))
    page.wait_for_selector("body.stale")


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
        ({"code": "hold_steady", "values": {}}, None, "this is right for you today"),
        ({"code": "limit_week_cap", "values": {}}, None, "enough for one week"),
        ({"code": "never_heard_of", "values": {}}, None, "As planned."),
    ],
)
def test_reasons_are_said(open_page: Callable[..., Any], why: Any, last: int | None, said: str) -> None:
    last_set = {"ended_by": "target", "partial_reps": 0, "reps": last} if last else None
    assert said in " ".join(open_page().evaluate(SAID, [[why], last_set]))


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
