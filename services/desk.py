"""Put the desk of coaching together from settings and keys: the model is loaded here, once."""

from functools import partial
from importlib.metadata import version

from ml import artifact
from ml.adjust import adjust_many
from ml.effort import EffortModel
from services.coaching import Desk
from services.keys.command import CommandKey
from services.settings import Settings


def open_desk(settings: Settings, command: CommandKey, site_key: bytes) -> Desk:
    """Load the effort model and return the desk."""
    effort: EffortModel = artifact.load(settings.artifact) if settings.artifact else artifact.default()
    return Desk(
        command=command,
        site_key=site_key,
        adjust=partial(adjust_many, effort=effort),
        policy=settings.policy,
        model=effort.name,
        software=version("openspine"),
        site=settings.site,
    )
