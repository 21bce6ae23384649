"""Who signed, by name: where names are sealed from the process that signs, ids of accounts stand for them."""

import re
from collections.abc import Iterable, Mapping

from dashboard.api.alerts import list_colleagues
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.screen import Screen

ACCOUNT = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def names_for(screen: Screen, told: Iterable[str]) -> dict[str, str]:
    """Ask for the names of colleagues, by id, only where an id stands for somebody."""
    if not any(ACCOUNT.search(who) for who in told):
        return {}
    found = list_colleagues(screen.client)
    known = {} if isinstance(found, Failure) else {one.id: one.name for one in found.items}
    viewer = screen.viewer
    return known if viewer is None else known | {viewer.id: viewer.name}


def named(who: str, names: Mapping[str, str], show: Formatter) -> str:
    """Put names in the place of ids; who is not known is a colleague."""
    return ACCOUNT.sub(lambda found: names.get(found.group(), show.say("a colleague")), who)
