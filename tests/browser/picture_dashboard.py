"""Take pictures of the dashboard: `python tests/browser/picture_dashboard.py [--sheets] [FOLDER [PAGE ...]]`.

Over the made-up service; every page twice: light, English, at a desk; dark, Chinese, on a phone. With
`--sheets` one sheet a page with all eight looks: two sizes, two languages, light and dark.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby, product
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fake_service.api import FakeApi  # noqa: E402 - after the path
from fake_service.door import FRESH_UNTIL, TOKEN  # noqa: E402
from picture_sheets import lay  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402
from shown_dashboard import dashboard  # noqa: E402

from openspine.children import free_port  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update")
COLOURS = 96
LEAST_PX, TALLEST_PX = 600, 2_600
STANDS = "[data-testid=stApp][data-test-script-state=notRunning]"
WAIT_MS = 60_000
SETTLED_MS = 1_000  # pictures come after the page
DRAWN = """() => !document.querySelector('[data-testid=stSkeleton]') &&
  [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(
    (each) => each.querySelector('svg, canvas'))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How somebody looks: colour scheme, language, size."""

    name: str
    scheme: str
    language: str
    width: int


DESK = Look(name="", scheme="light", language="en", width=1280)
PHONE = Look(name="-phone", scheme="dark", language="zh-HK", width=390)
LOOKS = (DESK, PHONE)
DRAWN_ONCE = ("patient-replay",)  # by hand, in the colours that it was opened with
EVERY_LOOK = tuple(
    Look(name=f"-{language}-{scheme}-{width}", scheme=scheme, language=language, width=width)
    for width, language, scheme in product((DESK.width, PHONE.width), ("en", "zh-HK"), ("light", "dark"))
)
WIDTHS_PX = {DESK.width: 480, PHONE.width: 240}  # of a look on a sheet
PATIENT = "/patient?patient=p-1"
TABS = (
    "balance",
    "progress",
    "adjustments",
    "sessions",
    "replay",
    "what-if",
    "prescribing",
    "health",
    "notes",
)
PAGES = {  # file: role and address
    "floor": ("therapist", "/"),
    "wall": ("therapist", "/?wall=1"),
    "needs": ("clinician", "/needs"),
    "alerts": ("clinician", "/alerts"),
    "day": ("clinician", "/day"),
    "signature": ("clinician", "/day?part=signature"),
    "patients": ("therapist", "/patients"),
    "search": ("therapist", "/search?q=chan"),
    "enrol": ("clinician", "/enrol"),
    **{f"patient-{tab}": ("clinician", f"{PATIENT}&tab={tab}") for tab in (*TABS, "person", "files")},
    "patient-seat": ("clinician", f"{PATIENT}&tab=person&part=seat-and-pads"),
    "machines": ("admin", "/machines"),
    "machine": ("admin", "/machines?machine=rotation-1"),
    "staff": ("admin", "/staff"),
    "screens": ("admin", "/screens"),
    "sites": ("admin", "/sites"),
    "retention": ("admin", "/retention"),
    "letters": ("admin", "/letters"),
    "audit": ("auditor", "/audit"),
    "model": ("auditor", "/model"),
    **{
        f"own-{name}": ("patient", f"/{name}")
        for name in ("next", "mypain", "exercises", "mine", "mybalance", "changes", "questions", "myreport")
    },
}


def take(page: Page, file: Path) -> None:
    """Take the whole page with few colours, once nothing on it is still being loaded."""
    page.wait_for_selector(STANDS, timeout=WAIT_MS)
    page.wait_for_function(DRAWN, timeout=WAIT_MS)
    page.wait_for_timeout(SETTLED_MS)
    box = page.locator("[data-testid=stMainBlockContainer]").bounding_box()
    tall = TALLEST_PX if box is None else min(box["y"] + box["height"], TALLEST_PX)
    size = page.viewport_size or {"width": DESK.width, "height": TALLEST_PX}
    clip: Any = {"x": 0, "y": 0, "width": size["width"], "height": max(tall, LEAST_PX)}
    shot = page.screenshot(animations="disabled", clip=clip)
    picture = Image.open(BytesIO(shot)).convert("RGB")
    few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


class Camera:
    """Opens pages over the made-up service, and takes them in looks of one language after one another."""

    def __init__(self, browser: Any, fake: FakeApi, address: str) -> None:
        self._fake, self._address = fake, address
        self._context = browser.new_context(timezone_id="Asia/Hong_Kong")  # one: it loads the program once
        self._context.add_cookies([{"name": "openspine", "value": TOKEN, "url": address}])

    def take(self, name: str, looks: Iterable[Look], folder: Path) -> None:
        """Take one page in its looks; it is opened once a language."""
        role, where = PAGES[name]
        joint = "&" if "?" in where else "?"
        for language, mine in groupby(looks, attrgetter("language")):
            self._fake.forget()
            self._fake.role, self._fake.stepped_up_until = role, FRESH_UNTIL
            page = self._context.new_page()
            is_open = False
            for look in mine:
                page.emulate_media(color_scheme=look.scheme)
                page.set_viewport_size({"width": look.width, "height": TALLEST_PX})
                if not is_open or name in DRAWN_ONCE:
                    page.goto(f"{self._address}{where}{joint}language={language}")
                    page.wait_for_selector("[data-testid=stMain]", timeout=WAIT_MS)
                    is_open = True
                take(page, folder / f"{name}{look.name}.png")
            page.close()
            print(name, language, flush=True)  # noqa: T201 (progress)


@contextmanager
def camera() -> Iterator[Camera]:
    """Run the made-up service, the dashboard over it, and a browser."""
    fake = FakeApi()
    with (
        fake.serve(free_port()) as api,
        dashboard(api, api) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield Camera(browser, fake, address)
        browser.close()


def wanted(only: Sequence[str]) -> list[str]:
    """List the pages to take."""
    return [name for name in PAGES if not only or name in only]


def main(folder: Path, only: Sequence[str]) -> None:
    """Take the pictures into a folder; `only` names some pages."""
    folder.mkdir(parents=True, exist_ok=True)
    with camera() as opened:
        for name in wanted(only):
            opened.take(name, _looks(name, LOOKS), folder)


def sheets(folder: Path, only: Sequence[str]) -> None:
    """Take every look of each page, and lay them side by side."""
    with TemporaryDirectory() as taken, camera() as opened:
        for name in wanted(only):
            opened.take(name, _looks(name, sorted(EVERY_LOOK, key=attrgetter("language"))), Path(taken))
            files = [Path(taken) / f"{name}{look.name}.png" for look in EVERY_LOOK]
            lay(files, WIDTHS_PX, folder / f"{name}.webp")


def _looks(name: str, looks: Iterable[Look]) -> list[Look]:
    """Leave a wall out on phones."""
    return [look for look in looks if name != "wall" or look.width == DESK.width]


if __name__ == "__main__":
    pictures, words = ROOT / "docs" / "pictures" / "dashboard", sys.argv[1:]
    if words[:1] == ["--sheets"]:
        sheets(Path(words[1]) if len(words) > 1 else pictures / "sheets", words[2:])
    else:
        main(Path(words[0]) if words else pictures, words[1:])
