"""What is to be different in a what-if: another policy, other limits; unsigned, for asking only."""

from dataclasses import dataclass, field, fields, replace
from math import floor

from contract.messages import Envelope, Phase
from ml.clinical.table import PHASES
from ml.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLimits:
    """Limits to try instead of the signed ones; None leaves the signed one as it is (g, cdeg, NRS)."""

    max_load_g: int | None = None
    phase: Phase | None = None
    phase_cap_g: int | None = None
    lowest_cdeg: int | None = None
    highest_cdeg: int | None = None
    pain_green_nrs: int | None = None
    pain_amber_nrs: int | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether everything stays as signed."""
        return all(getattr(self, one.name) is None for one in fields(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be different: the policy (None: the one that decided), the limits, or both."""

    policy: str | None = None
    limits: OtherLimits = field(default_factory=OtherLimits)


def changed(request: Request, change: Change) -> Request:
    """Return the question under another policy and other limits."""
    envelope = limited(request.envelope, change.limits)
    return replace(request, policy=change.policy or request.policy, envelope=envelope)


def limited(envelope: Envelope, other: OtherLimits) -> Envelope:
    """Return an envelope under other limits, unsigned: good for nothing but asking what if.

    Another phase without its own cap keeps the signed capacity: the cap moves with the share of the phase.
    """
    load_g = envelope.max_load_g if other.max_load_g is None else other.max_load_g
    phase = other.phase or envelope.phase
    cap_g = envelope.phase_cap_g * PHASES[phase].load_share / PHASES[envelope.phase].load_share
    sides = {
        side: replace(
            one,
            lowest_cdeg=one.lowest_cdeg if other.lowest_cdeg is None else other.lowest_cdeg,
            highest_cdeg=one.highest_cdeg if other.highest_cdeg is None else other.highest_cdeg,
        )
        for side, one in envelope.sides.items()
    }
    green, amber = other.pain_green_nrs, other.pain_amber_nrs
    return replace(
        envelope,
        max_load_g=load_g,
        phase=phase,
        phase_cap_g=floor(cap_g) if other.phase_cap_g is None else other.phase_cap_g,
        sides=sides,
        pain_green_nrs=envelope.pain_green_nrs if green is None else green,
        pain_amber_nrs=envelope.pain_amber_nrs if amber is None else amber,
    )
