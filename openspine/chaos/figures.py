"""Times as they are reported: how many, the middle one, the 99th of a hundred, the longest."""

import math
from collections.abc import Sequence


def share_s(times_s: Sequence[float], share: float) -> float:
    """Return the time that this share of all times does not exceed (s); infinite without any."""
    if not times_s:
        return math.inf
    return sorted(times_s)[min(math.ceil(share * len(times_s)), len(times_s)) - 1]


def spread_s(times_s: Sequence[float]) -> dict[str, float | None]:
    """Sum up times (s); one that never ended is None."""
    figures = {"p50": share_s(times_s, 0.5), "p99": share_s(times_s, 0.99), "most": share_s(times_s, 1.0)}
    return {"n": len(times_s)} | {
        name: round(figure, 3) if math.isfinite(figure) else None for name, figure in figures.items()
    }
