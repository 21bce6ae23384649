"""The registry of policies: one dict, name -> what wishes the next dose. All run under the same limiter."""

from typing import Final

from ml.policies.linear import linear
from ml.policies.steady import steady
from ml.wish import Policy

POLICIES: Final[dict[str, Policy]] = {"steady": steady, "linear": linear}
FALLBACK: Final = "steady"
