"""Take pictures of the dashboard: `python tests/browser/picture_dashboard.py [--sheets] [FOLDER [PAGE ...]]`.

Over the made-up service; every page twice: light, English, at a desk; dark, Chinese, on a phone. With
`--sheets` one sheet a page with all eight looks: two sizes, two languages, light and dark.
"""

import sys
from dataclasses import dataclass
from io import BytesIO
from itertools import product
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
SETTLED_MS = 2_500  # charts and pictures come after the page


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
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')", timeout=WAIT_MS)
    page.wait_for_timeout(SETTLED_MS)
    box = page.locator("[data-testid=stMainBlockContainer]").bounding_box()
    tall = TALLEST_PX if box is None else min(box["y"] + box["height"], TALLEST_PX)
    size = page.viewport_size or {"width": DESK.width, "height": TALLEST_PX}
    clip: Any = {"x": 0, "y": 0, "width": size["width"], "height": max(tall, LEAST_PX)}
    shot = page.screenshot(animations="disabled", clip=clip)
    picture = Image.open(BytesIO(shot)).convert("RGB")
    few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


def take_all(
    browser: Any, fake: FakeApi, address: str, folder: Path, only: list[str], looks: tuple[Look, ...] = LOOKS
) -> None:
    """Go through every page in each look."""
    for look in looks:
        for name, (role, where) in PAGES.items():
            if (only and name not in only) or (name == "wall" and look.width < DESK.width):
                continue
            fake.forget()
            fake.role, fake.stepped_up_until = role, FRESH_UNTIL
            context = browser.new_context(
                color_scheme=look.scheme,
                viewport={"width": look.width, "height": TALLEST_PX},
                timezone_id="Asia/Hong_Kong",
            )
            context.add_cookies([{"name": "openspine", "value": TOKEN, "url": address}])
            page = context.new_page()
            joint = "&" if "?" in where else "?"
            page.goto(f"{address}{where}{joint}language={look.language}")
            page.wait_for_selector("[data-testid=stMain]", timeout=WAIT_MS)
            page.wait_for_selector(STANDS, timeout=WAIT_MS)
            take(page, folder / f"{name}{look.name}.png")
            context.close()
            print(f"{name}{look.name}", flush=True)  # noqa: T201 (progress)


def main(folder: Path, only: list[str], looks: tuple[Look, ...] = LOOKS) -> None:
    """Take the pictures into a folder; `only` names some pages."""
    folder.mkdir(parents=True, exist_ok=True)
    fake = FakeApi()
    with (
        fake.serve(free_port()) as api,
        dashboard(api, api) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        take_all(browser, fake, address, folder, only, looks)
        browser.close()


def sheets(folder: Path, only: list[str]) -> None:
    """Take every look of each page, and lay them side by side."""
    with TemporaryDirectory() as taken:
        main(Path(taken), only, EVERY_LOOK)
        for page in PAGES:
            files = [Path(taken) / f"{page}{look.name}.png" for look in EVERY_LOOK]
            lay(files, WIDTHS_PX, folder / f"{page}.webp")


if __name__ == "__main__":
    pictures, words = ROOT / "docs" / "pictures" / "dashboard", sys.argv[1:]
    if words[:1] == ["--sheets"]:
        sheets(Path(words[1]) if len(words) > 1 else pictures / "sheets", words[2:])
    else:
        main(Path(words[0]) if words else pictures, words[1:])
