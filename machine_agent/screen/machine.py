"""What the page must know about kinds of machines to draw angles and loads."""

from typing import Literal

from contract.machines import CDEG, catalogue

Units = Literal["kg", "lb"]


def about(units: Units) -> dict[str, object]:
    """Describe every kind: travel limits (deg), and clinical angle = zero + sign x travel."""
    kinds = {
        name: {
            "zero_deg": kind.screen_zero_deg,
            "sign": kind.screen_sign,
            "limit_deg": [limit / CDEG for limit in kind.limit_cdeg],
            "region": kind.region,
        }
        for name, kind in catalogue().items()
    }
    return {"units": units, "kinds": kinds}
