"""Take the pictures of the patient's screen: `python tests/browser/picture_screen.py [FOLDER]`."""

import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from kiosk_page import BRISK, Patient  # noqa: E402 - after the path
from kiosk_room import CHINESE, ENGLISH, Room, open_room  # noqa: E402
from kiosk_walk import walk  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from emulator.studio.stand import STAFF_PIN  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
LARGE, SMALL = (1280, 800), (800, 480)
READERS = {"en": ("en-GB", ENGLISH), "zh": ("zh-HK", CHINESE)}
DARK = ("live", "rest", "stopped")  # steps that are also pictured in the dark scheme
FEW = ("welcome", "set_up", "live", "pain_set", "rest", "stopped")  # steps that are also pictured small
COLOURS = 128
LIVE_MS = 8_000
UNHEARD_S = 16.0


class Album:
    """Pictures of every step in one language."""

    def __init__(self, folder: Path, language: str, large: Patient, small: Patient) -> None:
        self._folder, self._language, self._large, self._small = folder, language, large, small

    def look(self, step: str) -> None:
        """Take the pictures of a step."""
        if step == "countdown":
            self._take(self._large.page, step)
            return
        # A new page fades in; a set has its trace after some seconds at the speed of life.
        self._large.page.wait_for_timeout(LIVE_MS if step == "live" else 250)
        self._take(self._large.page, step)
        if step in FEW:
            self._take(self._small.page, f"{step}-small")
        if step in DARK:
            self._large.page.emulate_media(color_scheme="dark")
            self._large.page.wait_for_timeout(100)
            self._take(self._large.page, f"{step}-dark")
            self._large.page.emulate_media(color_scheme="light")

    def _take(self, page: Page, name: str) -> None:
        picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
        few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(self._folder / f"screen-{self._language}-{name}.png", optimize=True)


def take_all(folder: Path, language: str, browser: Any) -> None:
    """Go through a session, a stop, a stuck agent and a lost service."""
    locale, badge = READERS[language]
    with TemporaryDirectory() as name, open_room(Path(name)) as room:
        viewers = [Patient(page=_page(browser, locale, size), room=room).open() for size in (LARGE, SMALL)]
        album = Album(folder, language, viewers[0], viewers[1])
        walk(viewers, album.look, badge)
        _stops(viewers, album.look, badge)
        _is_alone(room, viewers, album.look, badge)


def _stops(viewers: list[Patient], look: Callable[[str], None], badge: str) -> None:
    lead, room = viewers[0], viewers[0].room
    lead.come_to_start(badge)
    lead.begin_set()
    room.hurry(lambda it: it.view.reps_stored >= 2, BRISK)
    lead.do("pain")
    for one in viewers:
        one.at("stopped")
    look("stopped")
    lead.type_on_pad(STAFF_PIN)
    lead.at("welcome")


def _is_alone(room: Room, viewers: list[Patient], look: Callable[[str], None], badge: str) -> None:
    lead = viewers[0]
    lead.hold_badge(badge)
    lead.at("confirm")
    room.freeze(8.0)
    lead.page.wait_for_selector("body.stale")
    look("stale")
    lead.page.wait_for_selector("body:not(.stale)")
    room.stop_service()
    lead.do("not-me")
    lead.hold_badge(badge)
    lead.at("plan")
    look("plan")
    room.skip(UNHEARD_S)
    lead.at("offline")
    look("offline")
    lead.do("leave")
    look("leave")
    lead.do("really-leave")
    lead.hold_badge("somebody-new")
    lead.at("plan")
    room.skip(UNHEARD_S)
    lead.at("guided")
    look("guided")


def _page(browser: Any, locale: str, size: tuple[int, int]) -> Page:
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(locale=locale, viewport=viewport, timezone_id="Asia/Hong_Kong")
    page: Page = context.new_page()
    return page


def main(folder: Path) -> None:
    """Take the pictures of both languages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for language in READERS:
            take_all(folder, language, browser)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
