"""Walks through a page of the demo: what must not stand there, and every button pressed once."""

import re
from dataclasses import dataclass
from typing import Any

from real_studio import SLOW_MS, stands

from openspine.demo.studio import DEMO_PIN
from services.office.demo_staff import DEMO_PASSPHRASE

SETTLED_MS = 700  # what opens after a press
# Ids, codes, values that are none; but for components that load, and what the audit names (staff.sign_in).
RAW = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}|(?<![.\w])(?!openspine_)[a-z]+_[a-z_]+\b"
    r"|\bNone\b|\b[Nn]a[Nn]\b|\bundefined\b|\{[a-z_]+\}"
)
SHOWN = """() => {
  const shown = document.querySelector("[data-testid=stMain]").cloneNode(true);
  shown.querySelectorAll("[translate=no], style, script").forEach((each) => each.remove());
  return shown.textContent;
}"""
BARE_CHARTS = """() => [...document.querySelectorAll("[data-testid=stVegaLiteChart]")].filter(
  (each) => !each.querySelector("canvas")
    && !each.querySelector("svg [class*=mark-] :is(path, rect, line, circle)[d], svg [class*=mark-] line")
).length"""
# Every button that keys reach, numbered; not those that leave, and not the tools of a chart.
NUMBERED = """() => {
  const left = ".st-key-sign-out, .st-key-language, .st-key-unit, details:not([open]), "
    + "[data-testid=stElementToolbar]";
  const here = document.querySelectorAll("[data-testid=stMain] button:not([disabled])");
  const mine = [...here].filter(
    (each) => each.checkVisibility() && each.tabIndex >= 0 && !each.closest(left));
  mine.forEach((each, place) => { each.dataset.walk = place; });
  return mine.map((each) => (each.ariaLabel || each.innerText).trim().replaceAll("\\n", " "));
}"""


@dataclass(kw_only=True)  # without slots: the browser library marks the listeners it knows
class Walker:
    """Somebody who has signed in at the demo, and what was wrong on the way."""

    page: Any
    address: str
    wrong: list[str]

    def enter(self, who: str) -> None:
        """Sign in as one of the demo's staff, or as a patient by code."""
        self.page.on("pageerror", lambda fault: self.wrong.append(f"{self.page.url}: {fault}"))
        self.page.goto(self.address)
        self.page.wait_for_url(re.compile("/sign-in"), timeout=SLOW_MS)
        self.page.locator("#patient:not([hidden])").wait_for(timeout=SLOW_MS)
        if re.match("P[0-9]", who):
            self.page.fill("#patient-code", who)
            self.page.fill("#patient-pin", DEMO_PIN)
            self.page.click("#patient button")
        else:
            self.page.click("#tab-staff")
            self.page.fill("#staff-login", who)
            self.page.fill("#staff-passphrase", DEMO_PASSPHRASE)
            self.page.press("#staff-passphrase", "Enter")
        self.page.wait_for_url(re.compile(re.escape(self.address)), timeout=SLOW_MS)
        stands(self.page)

    def look(self, path: str) -> None:
        """Open a page and judge what it shows."""
        self.page.goto(self.address + path)
        self._settled()
        raw = sorted(set(RAW.findall(self.page.evaluate(SHOWN))))
        bare = self.page.evaluate(BARE_CHARTS)
        self.wrong += [f"{path}: raw {one}" for one in raw]
        self.wrong += [f"{path}: {bare} charts without a mark"] * bool(bare)
        self._judge(path)

    def press_every_button(self, path: str) -> int:
        """Press each button of a page once, from the page as it opens; returns how many."""
        pressed = list(dict.fromkeys(self.page.evaluate(NUMBERED)))
        for label in pressed:
            self._press(path, label)
        return len(pressed)

    def _press(self, path: str, label: str) -> None:
        labels = self.page.evaluate(NUMBERED)
        if label not in labels:
            return  # what stood before a press may be gone after it
        before = self.page.url
        self.page.locator(f"[data-walk='{labels.index(label)}']").first.click(timeout=SLOW_MS)
        self._settled()
        self._judge(f"{path} [{label}]")
        if self.page.url != before or self.page.locator("[role=dialog]:visible").count():
            self.page.goto(self.address + path)
            self._settled()

    def _judge(self, where: str) -> None:
        broken = self.page.locator("[data-testid=stException]").all_inner_texts()
        self.wrong += [f"{where}: {text[:200]}" for text in broken]

    def _settled(self) -> None:
        stands(self.page)
        self.page.wait_for_timeout(SETTLED_MS)
