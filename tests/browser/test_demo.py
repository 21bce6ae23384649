"""The demo as a newcomer meets it: every page of a clinician, an auditor and a patient stands."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from demo_walk import Walker

from openspine.broker.embedded import available_kinds
from openspine.demo.seed import patient_id

pytestmark = [
    pytest.mark.browser,
    pytest.mark.broker,
    pytest.mark.slow,
    pytest.mark.timeout(1_800),  # some hundred buttons on a busy computer
    pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker"),
]
START_S = 420
WHOSE = f"/patient?patient={patient_id('P06')}&tab="
TABS = (
    "balance", "progress", "adjustments", "sessions", "replay", "what-if", "prescribing",
    "prescribing&part=phase", "prescribing&part=programme", "prescribing&part=capacity",
    "prescribing&part=home-exercises", "prescribing&part=tests", "health", "health&part=blood-pressure",
    "health&part=signed-pain", "health&part=consent", "notes", "notes&part=questionnaires", "person",
    "person&part=particulars", "person&part=seat-and-pads", "person&part=site-and-archive", "files",
)  # fmt: skip
CARE = (
    "/", "/needs", "/alerts", "/day", "/day?part=signature", "/patients", "/machines", "/screens", "/model",
    "/search?q=P0", "/enrol",
)  # fmt: skip
OWN = (
    "next", "mypain", "exercises", "mine", "mybalance", "changes", "questions", "myreport", "language",
    "more",
)  # fmt: skip
PAGES = {
    "clinician": (*CARE, "/staff", *(WHOSE + tab for tab in TABS)),
    "auditor": ("/audit", "/staff", "/model", "/search?q=demo"),
    "P01": tuple(f"/{name}" for name in OWN),
}
PRESSED = {"auditor": 1, "P01": 3}  # the buttons of all their pages: at least so many


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the demo with two weeks behind it; yields where its dashboard is."""
    folder: Path = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "openspine", "demo", "--weeks", "2", "--data", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        address = ""
        for line in running.stderr:
            if found := re.search(r"dashboard\s+(http\S+)", line):
                address = found[1]
            if "Ctrl-C ends everything" in line:
                break
        try:
            assert address, "it never became ready"
            yield address
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(START_S)


@pytest.mark.parametrize("who", PAGES)
def test_every_page_stands_and_buttons_can_be_pressed(who: str, demo: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, timezone_id="Asia/Hong_Kong")
    walker = Walker(page=context.new_page(), address=demo, wrong=[])
    walker.enter(who)
    pressed = 0
    for path in PAGES[who]:
        walker.look(path)
        pressed += walker.press_every_button(path) if who in PRESSED else 0
    context.close()
    assert walker.wrong == []
    assert pressed >= PRESSED.get(who, 0)
