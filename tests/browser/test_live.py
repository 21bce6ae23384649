"""Parts of the floor's script in a real browser, without a page around them."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

pytestmark = pytest.mark.browser
STEP_MS = 1_000
LATER_MS = 6_000  # than the stream waits before it tries again
STAND_IN = """() => {
  window.opened = [];
  window.EventSource = class extends EventTarget {
    static CLOSED = 2;
    constructor(address) { super(); Object.assign(this, { address, readyState: 0 }); opened.push(this); }
    close() { this.readyState = 2; }
    fail(readyState) { this.readyState = readyState; this.dispatchEvent(new Event("error")); }
  };
  window.stream = listen({ onFrames: () => {}, onState: () => {}, onAlive: () => {} });
  stream.to("http://127.0.0.1/v1/floor/live", "");
}"""
ASKING = """() => {
  window.asked = [];
  window.seen = [];
  window.next = { status: 200, body: { items: [] }, version: 'W/"1"' };
  window.fetch = async (address, { headers, credentials }) => {
    asked.push({ address, known: headers["If-None-Match"] ?? null, credentials });
    if (next.status === 0) throw new TypeError("no network");
    const named = next.version ? { ETag: next.version } : {};
    if (next.viewer) named["X-Viewer"] = next.viewer;
    const body = next.status === 200 ? JSON.stringify(next.body) : null;
    return new Response(body, { status: next.status, headers: named });
  };
  const see = (word) => () => seen.push(word);
  window.asker = asking({ onFloor: see("floor"), onSame: see("same"), onFailure: (why) => seen.push(why) });
  asker.to("http://127.0.0.1/v1/floor", "");
}"""
CLINICAL_OF_30 = """([turned, all]) => {
  const known = [];
  return all.map((deg, place) => {
    remember(known, { mono_ms: 50 * place, deg, clinical_deg: turned ? 72 - deg : deg });
    return clinical(known.at(-1), 30);
  });
}"""


@pytest.fixture
def script(browser: Any) -> Iterator[Any]:
    """Open an empty page with the stream, the asking and the pictures in it; its clock stands."""
    page = browser.new_page()
    page.clock.install(time=0)
    page.clock.pause_at(3_600)
    add(page, "stream.js", "asking.js", "pictures.js")
    yield page
    page.close()


def add(page: Any, *parts: str) -> None:
    for part in parts:
        page.add_script_tag(
            content=files("dashboard").joinpath("components", "live", part).read_text("utf-8")
        )


def addresses(page: Any) -> int:
    """Count the streams that were opened; they are all of one address."""
    found: list[str] = page.evaluate("() => opened.map((each) => each.address)")
    assert len(set(found)) == 1
    return len(found)


def test_a_stream_that_the_browser_gave_up_is_opened_again(script: Any) -> None:
    script.evaluate(STAND_IN)
    script.evaluate("() => opened[0].fail(0)")  # the browser itself connects again
    script.clock.run_for(LATER_MS)
    assert addresses(script) == 1
    for place in range(2):  # 503, and 503 once more
        script.evaluate("place => opened[place].fail(2)", place)
        assert script.evaluate("() => stream.condition()") == "lost"
        script.clock.run_for(LATER_MS)
        assert addresses(script) == place + 2
    script.evaluate("() => { opened[2].fail(2); stream.close(); }")
    script.clock.run_for(LATER_MS)
    assert addresses(script) == 3  # whoever has left asks no more


def test_a_machine_stays_mirrored_at_the_angle_that_reads_the_same(script: Any) -> None:
    assert script.evaluate(CLINICAL_OF_30, [True, [20, 36, 36.5]]) == [42, 42, 42]
    assert script.evaluate(CLINICAL_OF_30, [False, [20, 36, 36.5]]) == [30, 30, 30]


def after(page: Any, time_ms: int, **answer: Any) -> tuple[int, list[str]]:
    """Let time pass under an answer of the service; tells how often it was asked, and what was heard."""
    page.evaluate("(answer) => { Object.assign(next, answer); asked.length = seen.length = 0; }", answer)
    for done_ms in range(0, time_ms, STEP_MS):
        page.clock.run_for(min(STEP_MS, time_ms - done_ms))
        page.evaluate("() => new Response('0').json()")  # a body is read in real time
    times, heard = page.evaluate("() => [asked.length, seen]")
    return times, heard


def test_the_floor_is_asked_for_when_it_is_due_and_what_is_known_is_not_sent_again(script: Any) -> None:
    script.evaluate(ASKING)
    assert after(script, 2_900) == (0, [])  # the page has brought the first one
    assert after(script, 400) == (1, ["floor"])
    assert script.evaluate("() => asked[0]") == {
        "address": "http://127.0.0.1/v1/floor",
        "known": None,
        "credentials": "include",
    }
    assert after(script, 6_000, status=304) == (2, ["same", "same"])
    assert script.evaluate("() => asked[1].known") == 'W/"1"'
    script.evaluate("() => asker.forget()")
    assert after(script, 3_000, status=200) == (1, ["floor"])
    assert script.evaluate("() => asked[0].known") is None


def test_a_change_is_asked_for_at_once_but_never_in_a_flood(script: Any) -> None:
    script.evaluate(ASKING)
    script.evaluate("() => { for (let each = 0; each < 9; each += 1) asker.soon(); }")
    assert after(script, 400) == (1, ["floor"])
    script.evaluate("() => asker.soon()")
    assert after(script, 300)[0] == 1
    assert after(script, 2_600) == (0, [])
    assert after(script, 400) == (1, ["floor"])  # and then when it is due again


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ({"status": 0}, "lost"),
        ({"status": 503}, "lost"),
        ({"status": 401}, "ended"),
        ({"status": 403}, "ended"),
        ({"status": 200, "body": None}, "lost"),
    ],
)
def test_what_fails_is_told_and_asked_again(script: Any, answer: dict[str, Any], heard: str) -> None:
    script.evaluate(ASKING)
    times, seen = after(script, 6_200, **answer)
    assert times == 2
    assert seen == [heard, heard]
    assert after(script, 3_000, status=200, body={"items": []}) == (1, ["floor"])
    script.evaluate("() => asker.close()")
    assert after(script, 9_000) == (0, [])


def test_an_answer_for_somebody_else_than_the_page_is_nobodys(script: Any) -> None:
    script.evaluate(ASKING)
    script.evaluate("() => asker.to('http://127.0.0.1/v1/floor', 'hers')")
    assert after(script, 3_300, viewer="hers") == (1, ["floor"])
    assert after(script, 3_000, status=304) == (1, ["same"])
    for answer in ({"viewer": "his"}, {"viewer": ""}, {"viewer": "his", "status": 200}):
        assert after(script, 3_000, **answer) == (1, ["another"])
    assert after(script, 3_000, status=503) == (1, ["lost"])  # who refuses need not say whom


def test_what_was_heard_before_the_computer_slept_is_late(script: Any) -> None:
    script.evaluate(ASKING)
    assert after(script, 3_300) == (1, ["floor"])
    assert not script.evaluate("() => asker.isLate()")
    script.clock.set_system_time(3_600_000)  # an hour, in which no timer ran
    assert script.evaluate("() => asker.isLate()")
    assert after(script, 3_300) == (1, ["floor"])
    assert not script.evaluate("() => asker.isLate()")


def test_a_page_that_nobody_sees_does_not_ask_until_it_is_looked_at(script: Any) -> None:
    script.evaluate(ASKING)
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    script.evaluate(hide, True)
    assert after(script, 9_000) == (0, [])
    script.evaluate(hide, False)
    assert after(script, 400) == (1, ["floor"])
    assert after(script, 3_000) == (1, ["floor"])


def test_where_a_browser_keeps_nothing_nobodys_name_stays_and_one_can_load_again(script: Any) -> None:
    add(script, "tiles.js", "ending.js")
    told = script.evaluate(
        """() => {
          const root = document.body.appendChild(document.createElement("section"));
          root.textContent = "Chan Mei Ling";
          const words = { another: "Somebody else.", load_again: "Load again" };
          const floor = { root, data: { words }, tiles: new Map(), close: () => {} };
          end(floor, "another");
          return [root.textContent, root.querySelectorAll("button").length];
        }"""
    )
    assert told == ["Somebody else.Load again", 1]  # an empty page has no storage


def test_where_the_focused_button_goes_its_tile_has_the_focus_and_not_the_next_button(script: Any) -> None:
    add(script, "tiles.js")
    focused = script.evaluate(
        """() => {
          document.body.innerHTML = "<article tabindex=-1><div></div></article>";
          const [tile, acts] = [document.querySelector("article"), document.querySelector("div")];
          const make = (word) => element("button", word);
          list(acts, ["Hold", "Stop"], make, tile);
          acts.firstElementChild.focus();
          list(acts, ["Stop"], make, tile);
          return document.activeElement.localName;
        }"""
    )
    assert focused == "article"
