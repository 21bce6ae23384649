"""Limits of one kind of machine: what holds, what waits for a second person, and the signing of them.

The service has the history; all else is asked of the process that alone signs. What is signed are integers in
the units of the wire.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from dashboard.client import Client, Failure, Order, path

LIMITS = "/v1/patients/{}/limits/{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Angles (hundredths of a degree of travel) that one side may use."""

    lowest_cdeg: int
    highest_cdeg: int
    start_highest_cdeg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What limits allow: grams, newton metres, hundredths of a degree, pain 0-10."""

    max_load_g: int
    phase_cap_g: int
    max_torque_nm: int
    max_speed_cdeg_s: int
    sides: dict[str, Window]
    phase: str
    pain_green_nrs: int
    pain_amber_nrs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Wider limits that somebody else signs; `wider` names the fields."""

    id: str
    kind: str
    base_version: int
    limits: Figures
    wider: tuple[str, ...]
    proposed_by: str
    proposed_at: datetime
    reason: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """Proposals, newest first."""

    items: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What came of a signature: a new `version`, or a proposal that is `wider` and waits."""

    version: int | None = None
    wider: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsVersion:
    """One version in the history; the newest holds. `figures` are in kg and degrees of travel, by field."""

    version: int
    signed_by: str
    signed_at: datetime
    reason: str
    valid_until: datetime
    withdrawn: bool
    figures: dict[str, float | str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsHistory:
    """Every version, newest first."""

    items: tuple[LimitsVersion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Whose limits on which kind of machine, and the version that was seen (0 = none yet)."""

    patient: str
    kind: str
    version: int

    def order(self, act: str, body: dict[str, object]) -> Order:
        """Order something on top of the version that was seen."""
        where = path(LIMITS, self.patient, self.kind) + act
        return Order(path=where, body=body, version=f'"{self.version}"')


def list_limit_versions(client: Client, patient: str, kind: str) -> LimitsHistory | Failure:
    """Ask the service for every version of the limits of one kind."""
    return client.get(path(LIMITS + "/versions", patient, kind), LimitsHistory)


def list_proposals(signing: Client, patient: str, kind: str) -> Proposals | Failure:
    """Ask for the proposals of one kind."""
    return signing.get(path(LIMITS + "/proposals", patient, kind), Proposals)


def sign_limits(
    signing: Client, basis: Basis, figures: Figures, reason: str, valid_days: int
) -> Signing | Failure:
    """Sign limits; wider ones become a proposal for somebody else."""
    body = asdict(figures) | {"reason": reason, "valid_days": valid_days}
    return signing.send(replace(basis.order("", body), method="PUT"), Signing)


def restore_limits(signing: Client, basis: Basis, version: int, reason: str) -> Signing | Failure:
    """Sign what an older version allowed; wider ones become a proposal for somebody else."""
    return signing.send(basis.order("/restore", {"version": version, "reason": reason}), Signing)


def renew_limits(signing: Client, basis: Basis, reason: str) -> Failure | None:
    """Sign the same limits for another 42 days."""
    return signing.do(basis.order("/renew", {"reason": reason}))


def withdraw_limits(signing: Client, basis: Basis, reason: str) -> Failure | None:
    """Allow nothing any more."""
    return signing.do(basis.order("/withdraw", {"reason": reason}))


def sign_proposal(signing: Client, basis: Basis, proposal: str, reason: str) -> Failure | None:
    """Sign what somebody else has proposed."""
    return signing.do(basis.order(path("/proposals/{}/sign", proposal), {"reason": reason}))


def withdraw_proposal(signing: Client, basis: Basis, proposal: str, reason: str) -> Failure | None:
    """Withdraw a proposal, one's own or somebody else's."""
    return signing.do(basis.order(path("/proposals/{}/withdraw", proposal), {"reason": reason}))
