"""The patient's screen through a whole session, in both languages, both schemes and both sizes at once."""

from collections.abc import Callable

import pytest
from axe_judge import serious
from kiosk_page import Patient
from kiosk_room import Room
from kiosk_walk import walk

pytestmark = pytest.mark.browser
Opening = Callable[..., Patient]
SMALL = (800, 480)
STEPS = {
    "welcome", "code", "pin", "confirm", "set_up", "weigh", "weighing", "pain_next_morning", "pain_before",
    "spasm", "new_symptoms", "ready", "countdown", "live", "rir", "pain_set", "rest", "ready_again",
    "goodbye",
}  # fmt: skip


def canvas_of(patient: Patient) -> str:
    """Read the pixels of the corridor."""
    return str(patient.page.evaluate("document.querySelector('main canvas').toDataURL()"))


class Looker:
    """Judges every step in every view; the lead's countdown is too short for more than its own."""

    def __init__(self, viewers: dict[str, Patient]) -> None:
        self.viewers = viewers
        self.seen: set[str] = set()
        self.wrong: list[str] = []
        self.next = ""
        self.next_load = ""
        self.reason = ""
        self.station = ""

    def look(self, step: str) -> None:
        self.seen.add(step)
        viewers = self.viewers if step != "countdown" else {"en": self.viewers["en"]}
        for name, viewer in viewers.items():
            self._speak(name, viewer)
            found = viewer.judged()
            if name.startswith("zh"):
                found += [f"English: {word}" for word in viewer.latin_words()]
            if name in ("en", "zh") and step != "countdown":
                found += serious(viewer.page)
            self.wrong += [f"{step} {name}: {one}" for one in found]
        note = getattr(self, f"_see_{step}", None)
        if note is not None:
            note(self.viewers["en"])

    def _speak(self, name: str, viewer: Patient) -> None:
        """The session is that of somebody who reads Chinese; the English views change the language."""
        wanted = "zh-HK" if name.startswith("zh") else "en"
        if viewer.page.evaluate("document.documentElement.lang") != wanted:
            viewer.do("language")

    def _see_live(self, lead: Patient) -> None:
        pictures = set()
        for _ in range(5):
            pictures.add(canvas_of(lead))
            lead.page.wait_for_timeout(120)
        assert len(pictures) == 5, "the corridor moves"
        still = self.viewers["zh-small"]
        assert still.page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
        assert (
            still.page.evaluate(
                "document.getAnimations().filter((one) => one.playState === 'running').length"
            )
            == 0
        )
        count = lead.page.locator("[data-count]")
        assert 0 < int(count.inner_text()) <= lead.room.reps_on_disk()

    def _see_rest(self, lead: Patient) -> None:
        self.next, self.next_load = lead.text(".next"), lead.room.kg(lead.room.next_load_g)
        self.reason = lead.text(".next .why")

    def _see_goodbye(self, lead: Patient) -> None:
        self.station = lead.text(".station-name")


def test_a_whole_session_in_every_view(room: Room, patient: Opening) -> None:
    viewers = {
        "en": patient("en-GB"),
        "zh": patient("zh-HK", "dark"),
        "en-small": patient("en-GB", "dark", SMALL),
        "zh-small": patient("zh-HK", "light", SMALL, "reduce"),
    }
    looker = Looker(viewers)
    walk(list(viewers.values()), looker.look)
    assert looker.seen == STEPS
    assert looker.wrong == []
    assert len(looker.reason.split()) > 3
    assert looker.reason != "As planned."
    assert looker.next_load in looker.next
    assert looker.station == "Trunk rotation"
    room.wait(lambda it: it.view.rows_waiting == 0)
    assert room.reps_committed() == room.reps_on_disk() > 10
    for viewer in viewers.values():
        assert viewer.faults == []
        assert viewer.foreign == []
