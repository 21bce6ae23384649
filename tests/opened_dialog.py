"""A dialog without the page that opens it: a test app runs whole pages, and so would close it."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from fake_service.door import TOKEN
from streamlit.testing.v1 import AppTest

from dashboard.acting import say_what_was_done
from dashboard.api.door import Viewer, read_me
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.screen import Screen

WAIT_S = 30.0  # two busy cores may be slow


def open_dialog(api_url: str, show_inside: Callable[..., None], *given: Any) -> AppTest:
    """Run what a dialog shows: `show_inside(*given, screen)`, as whoever has signed in at the fake."""

    def script(url: str, inside: object, given: object) -> None:
        from opened_dialog import run_inside  # noqa: PLC0415 (the script is run apart from this file)

        run_inside(url, inside, given)

    named = {"url": api_url, "inside": show_inside, "given": given}
    app = AppTest.from_function(script, default_timeout=WAIT_S, kwargs=named).run()
    assert not app.exception, app.exception
    return app


def run_inside(url: str, show_inside: Any, given: Any) -> None:
    """Show the inside of a dialog on a page of its own."""
    client = Client(url, TOKEN)
    viewer = read_me(client)
    say_what_was_done()
    screen = Screen(
        client=client,
        signing=client,
        show=Formatter(unit="kg", zone=ZoneInfo("Asia/Hong_Kong"), language="en"),
        public_url=url,
        pages={},
        viewer=viewer if isinstance(viewer, Viewer) else None,
    )
    show_inside(*given, screen)
