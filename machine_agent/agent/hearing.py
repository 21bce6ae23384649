"""How long ago the service was heard, and what follows from it (design: safety, "Time-outs")."""

from typing import Literal

from machine_agent.agent.live import Live
from machine_agent.agent.view import Code
from machine_agent.clock import Now
from machine_agent.facts import LINK_FRESH_MS

LOST_MS = 120_000  # from then on: finish the planned sets, no new session without staff
ALONE_MS = LINK_FRESH_MS  # a sign-in that is not answered for so long is an offline one, once staff agree
Heard = Literal["ok", "degraded", "lost"]
_CODES: dict[Heard, Code] = {"ok": "link_back", "degraded": "link_degraded", "lost": "link_lost"}


def heard(live: Live, now: Now) -> Heard:
    """Tell how the link is; between sessions the service has nothing to say."""
    age_ms = now.mono_ms - live.heard_ms if live.session else 0
    if age_ms > LOST_MS:
        return "lost"
    return "degraded" if age_ms > LINK_FRESH_MS else "ok"


def is_alone(live: Live, now: Now) -> bool:
    """Tell whether nobody answers a sign-in."""
    return now.mono_ms - live.heard_ms > ALONE_MS


def tell(live: Live, now: Now) -> None:
    """Show on the screen that the link has become worse or better."""
    found = heard(live, now)
    if found != live.hears:
        live.hears = found
        if live.session is not None:
            live.note(_CODES[found])
