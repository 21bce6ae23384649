"""The page of a fake agent in a real browser: fixtures for tests that need one state after the other."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from kiosk_room import LoopThread
from screen_states import EMPTY, SESSION, FakeAgent

from machine_agent.agent.view import View
from machine_agent.screen import listen, serve

SIZES = ((1280, 800), (800, 480))


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
