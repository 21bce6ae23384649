"""Parts of the floor's script in a real browser, without a page around them."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

pytestmark = pytest.mark.browser
LATER_MS = 6_000  # than the stream waits before it tries again
STAND_IN = """() => {
  window.opened = [];
  window.EventSource = class extends EventTarget {
    static CLOSED = 2;
    constructor(address) { super(); Object.assign(this, { address, readyState: 0 }); opened.push(this); }
    close() { this.readyState = 2; }
    fail(readyState) { this.readyState = readyState; this.dispatchEvent(new Event("error")); }
  };
  window.stream = listen({ onFrames: () => {}, onAlive: () => {} });
  stream.to("http://127.0.0.1/v1/floor/live", "");
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
    """Open an empty page with the stream and the pictures in it; its clock stands."""
    page = browser.new_page()
    page.clock.install(time=0)
    for part in ("stream.js", "pictures.js"):
        page.add_script_tag(
            content=files("dashboard").joinpath("components", "live", part).read_text("utf-8")
        )
    yield page
    page.close()


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
