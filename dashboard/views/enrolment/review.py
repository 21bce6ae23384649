"""Step 4: what is still missing, and which machines will be open. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard.api.health import Condition
from dashboard.format import Formatter
from dashboard.views.health.closing import closed_by, machine_lines, still_closes
from dashboard.views.health.consents import VERSION

NEEDED = {
    "name": "Full name",
    "birth_year": "Year of birth",
    "sex": "Sex",
    "mass_kg": "Body weight",
    "stations": "Stations, in the order of the circuit",
    "red_flags_asked": "The red flags were not asked",
}
CODE, BADGE_LEAST = "^[A-Za-z0-9-]{3,32}$", 4


def missing(body: Mapping[str, Any]) -> list[str]:
    """List, as screen sentences, what must be filled in before anybody is enrolled."""
    found = [words for field, words in NEEDED.items() if not body.get(field)]
    consents = body["consents"]
    if not any(one["purpose"] == "training" and one["given"] for one in consents):
        found.append("Nobody joins without consent to training")
    if not all(re.match(VERSION, one["version"]) for one in consents):
        found.append("Version of the text that was signed")
    if body.get("code") and not re.match(CODE, body["code"]):
        found.append("A code has 3 to 32 letters, figures and dashes")
    if body.get("badge") and len(body["badge"]) < BADGE_LEAST:
        found.append("A badge has at least 4 characters")
    return found


def by_machine(told: Sequence[tuple[Condition, date | None]], today: date, show: Formatter) -> list[str]:
    """Write, a line for every kind of machine, whether it will be open."""
    holding = [condition for condition, since in told if still_closes(condition, since, today)]
    return machine_lines(closed_by(holding), show)
