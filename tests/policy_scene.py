"""What a policy is given: the evidence of a request on a fresh belief."""

from typing import Any

from ml.belief.priors import prior
from ml.evidence import Evidence, gather


def evidence(build: Any, **changes: Any) -> Evidence:
    """Gather the evidence of a built request."""
    asked = build.request(**changes)
    return gather(asked, prior(asked.person, asked.kind, asked.side))
