"""The registry of policies: one dict, name -> what wishes the next dose. All run under the same limiter."""

from typing import Final

from ml.policies.apre import apre
from ml.policies.double_progression import double_progression
from ml.policies.linear import linear
from ml.policies.medx import medx
from ml.policies.percent_1rm_retest import percent_1rm_retest
from ml.policies.reported_rir import reported_rir
from ml.policies.speed_rir import speed_rir
from ml.policies.steady import steady
from ml.policies.two_for_two import two_for_two
from ml.policies.wish import Policy

POLICIES: Final[dict[str, Policy]] = {
    "steady": steady,
    "linear": linear,
    "double_progression": double_progression,
    "two_for_two": two_for_two,
    "medx": medx,
    "apre": apre,
    "percent_1rm_retest": percent_1rm_retest,
    "reported_rir": reported_rir,
    "speed_rir": speed_rir,
}
FALLBACK: Final = "steady"
