"""Put the desk of coaching together from settings and keys: the model is loaded here, once."""

from collections.abc import Sequence
from importlib.metadata import version

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from ml import artifact
from ml.adjust import adjust_many
from ml.decision import Decision
from ml.effort import EffortModel
from ml.request import Request
from services.coaching import Desk
from services.coaching.desk import Adjust
from services.keys import Keys
from services.settings import Settings


def open_desk(settings: Settings, keys: Keys) -> Desk:
    """Load the effort model and return the desk."""
    effort: EffortModel = artifact.load(settings.artifact) if settings.artifact else artifact.default()
    return Desk(
        command=keys.command,
        site_key=keys.site,
        adjust=_with_one_thread(effort),
        policy=settings.policy,
        model=effort.name,
        software=version("openspine"),
        site=settings.site,
    )


def _with_one_thread(effort: EffortModel) -> Adjust:
    """Predict with one thread: for a dozen rows, waking a pool on a busy machine costs more than it saves."""
    pools = ThreadpoolController()

    def adjust(requests: Sequence[Request]) -> list[Decision]:
        with pools.limit(limits=1, user_api="openmp"):
            return adjust_many(requests, effort)

    return adjust
