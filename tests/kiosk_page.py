"""The patient's screen in a browser, as the person in front of it sees and touches it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk_room import Room

TABS_MOST = 30  # presses of the Tab key to any button
BRISK = 8.0  # body time beside real time, in a set that is looked at
STEP_MS = 20_000  # longest wait for a step; only so that a hang ends
OWN = ("http://127.0.0.1:", "data:", "blob:")
JUDGEMENTS = ("outside", "cut", "overlaps", "scrolled")
ALWAYS = ("pain", "unwell", "too_heavy")
# A page fades in; what breathes for ever is left out.
STANDS_STILL = """() => document.getAnimations().every(
  (one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""
JUDGE = (Path(__file__).parent / "browser" / "judge.js").read_text(encoding="utf-8")


@dataclass(kw_only=True)  # without slots: the browser library marks the listeners it knows
class Patient:
    """Somebody at one open page of the screen."""

    page: Any
    room: Room
    foreign: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(self) -> "Patient":
        """Open the screen and wait until it shows something."""
        self.page.on("request", self._note)
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.goto(self.room.url)
        self.page.wait_for_selector("main[data-page]", timeout=STEP_MS)
        return self

    @property
    def step(self) -> str:
        """Name the step that is shown."""
        return str(self.page.locator("main").get_attribute("data-page"))

    @property
    def is_inert(self) -> bool:
        """Tell whether nothing of the step can be touched."""
        return bool(self.page.evaluate("document.querySelector('main').inert"))

    def at(self, step: str) -> "Patient":
        """Wait until a step is shown."""
        self.page.wait_for_selector(f"main[data-page={step}]", timeout=STEP_MS)
        return self

    def do(self, name: str) -> None:
        """Touch a button by its name."""
        self.page.locator(f"[data-do={name}]").click(timeout=STEP_MS)

    def press_by_tab(self, name: str) -> None:
        """Go to a button with the Tab key, and press Enter on it."""
        wanted = f"document.activeElement?.dataset.do === '{name}'"
        for _ in range(TABS_MOST):
            if self.page.evaluate(wanted):
                self.page.keyboard.press("Enter")
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {name}")

    def type_on_pad(self, digits: str) -> None:
        """Touch digits on the pad, and the button that takes them."""
        for digit in digits:
            self.page.locator("main .keypad-keys").get_by_text(digit, exact=True).click(timeout=STEP_MS)
        self.page.locator("main button.main").click(timeout=STEP_MS)

    def see(self, name: str) -> bool:
        """Tell whether a button is shown."""
        return bool(self.page.locator(f"[data-do={name}]").is_visible())

    def text(self, where: str) -> str:
        """Read what stands somewhere."""
        return str(self.page.locator(where).first.inner_text(timeout=STEP_MS))

    def hold_badge(self, badge: str) -> None:
        """Hold a badge to the reader, which types it and ends with Enter."""
        self.at("welcome").page.keyboard.type(badge)
        self.page.keyboard.press("Enter")

    def answer(self, value: object) -> None:
        """Choose an answer to the question that is shown, and go on to what comes next."""
        heading = self.at("question").text("main h1")
        self.page.locator(f".option[data-value='{value}']").click(timeout=STEP_MS)
        self.do("continue")
        self._until_other(heading)

    def answer_by_keys(self, key: str) -> None:
        """Answer with a digit and Enter."""
        heading = self.at("question").text("main h1")
        self.page.keyboard.press(key)
        self.page.keyboard.press("Enter")
        self._until_other(heading)

    def answer_next(self, **values: object) -> None:
        """Answer the question that is open; `values` by question, else as somebody who feels well."""
        well: dict[str, object] = {
            "pain_next_morning": 1, "pain_before": 1, "spasm": 0, "new_symptoms": "none",
            "rir": "many", "pain_set": 1,
        }  # fmt: skip
        self.answer((well | values)[self.room.view.questions[0].question])

    def answer_all(self, **values: object) -> None:
        """Answer every open question."""
        while self.room.view.awaits == "answers":
            self.answer_next(**values)

    def come_to_start(self, badge: str, **values: object) -> None:
        """Sign in, confirm, sit, be weighed, answer: everything before the first set."""
        self.hold_badge(badge)
        self.at("confirm").do("confirm")
        self.at("set_up").do("belt")
        self.at("weigh").do("weigh")
        self.room.hurry(lambda room: room.view.awaits in ("answers", "start"))
        self.answer_all(**values)
        self.at("ready")
        self.room.hurry(lambda room: room.is_at_start)

    def begin_set(self) -> None:
        """Start the set that is shown, and wait for the load."""
        self.do("start")
        self.wait_for_load()

    def wait_for_load(self) -> None:
        """Wait until the load is there and the set has begun."""
        self.room.wait(lambda room: room.view.awaits in ("loading", "set"))
        self.room.hurry(lambda room: room.view.awaits == "set", BRISK)
        self.at("live")

    def judged(self) -> list[str]:
        """Judge what is shown: inside the window, nothing over anything, no scroll bar, the buttons there."""
        self.page.wait_for_function(STANDS_STILL, timeout=STEP_MS)
        wrong = [f"{what}: {one}" for what in JUDGEMENTS for one in self.page.evaluate(JUDGE, what)]
        if self.step not in ("welcome", "starting"):
            wrong += [f"no button {name}" for name in ALWAYS if not self.see(name)]
        return wrong

    def latin_words(self) -> list[str]:
        """List the words in Latin letters that are no name."""
        names = {"OpenSpine", *self.room.view.machine.split("-"), *self.room.view.greeting.split()}
        return sorted(set(self.page.evaluate(JUDGE, "latin")) - names)

    def _until_other(self, heading: str) -> None:
        other = "before => document.querySelector('main h1')?.textContent !== before"
        self.page.wait_for_function(other, arg=heading, timeout=STEP_MS)

    def _note(self, asked: Any) -> None:
        if not asked.url.startswith(OWN):
            self.foreign.append(asked.url)
