"""The registry of policies: one dict, name -> what wishes the next dose. All run under the same limiter."""

from typing import Final

from ml.policies.double_progression import double_progression
from ml.policies.linear import linear
from ml.policies.medx import medx
from ml.policies.reported_rir import reported_rir
from ml.policies.steady import steady
from ml.policies.two_for_two import two_for_two
from ml.wish import Policy

POLICIES: Final[dict[str, Policy]] = {
    "steady": steady,
    "linear": linear,
    "double_progression": double_progression,
    "two_for_two": two_for_two,
    "medx": medx,
    "reported_rir": reported_rir,
}
FALLBACK: Final = "steady"
