"""Put the desk of coaching together from settings, keys and who decides."""

from importlib.metadata import version

from services.chosen import Chosen, champion
from services.coaching import Desk
from services.keys.command import CommandKey
from services.settings import Settings


def open_desk(settings: Settings, command: CommandKey, site_key: bytes, chosen: Chosen | None = None) -> Desk:
    """Return the desk; who decides is opened here unless it is given."""
    who = chosen or champion(settings)
    return Desk(
        command=command,
        site_key=site_key,
        adjust=who.adjust,
        policy=who.policy,
        model=who.effort.name,
        software=version("openspine"),
        site=settings.site,
    )
