"""A plan that is kept for a day without the service, and what it becomes on such a day."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import msgspec

from contract.envelope import Standing, limits
from contract.machines import LOAD_STEP_G
from contract.messages import Basis, Flag, History, Plan, Question, Setting, Side
from machine_agent import sealing
from machine_agent.facts import Visit

KEPT_MS = 42 * 24 * 60 * 60 * 1_000  # 42 days, as long as an envelope lives (protocol page, "Offline")
ASKED: tuple[Question, ...] = ("pain_before", "spasm", "new_symptoms")  # before training, on every such day
NO_RISE: Flag = "no_increase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The last plan of a person, and what each side was last given, local caps included (g)."""

    plan: Plan
    last_g: Mapping[Side, int]


_KEPT = msgspec.json.Decoder(Kept)


def sealed(kept: Kept, key: bytes, subject: str, kept_ms: int) -> bytes:
    """Write it down for this subject and this moment only."""
    return sealing.seal(key, msgspec.json.encode(kept, order="deterministic"), _about(subject, kept_ms))


def unsealed(content: bytes, key: bytes, subject: str, kept_ms: int) -> Kept | None:
    """Read it back; None when the key is another, or anything was changed."""
    plain = sealing.opened(key, content, _about(subject, kept_ms))
    if plain is None:
        return None
    try:
        return _KEPT.decode(plain)
    except msgspec.MsgspecError:  # of an agent with other messages
        return None


def for_today(kept: Kept, visit: Visit, basis: Basis, wall_ms: int) -> Plan:
    """Make the plan of an offline session: at most the last load and the planned one, and nothing rises.

    Every row gets an id of its own: those of the service belong to the session that it was made for. Without
    a valid envelope the load is 0. The day begins anew; what it has left behind here stands in the latches.
    A row that only staff may open is none of such a day: the service has not seen how the person is.
    """
    plan = kept.plan
    is_valid = wall_ms < plan.envelope.valid_until_ms
    rows = [
        replace(
            row,
            id=str(uuid.uuid5(uuid.UUID(visit.session), f"offline {row.set}")),
            session=visit.session,
            nonce=visit.nonce,
            seq=0,  # before every command of the service
            load_g=_load_g(kept, row, visit) if is_valid else 0,
            basis=basis,
            why=(),
        )
        for row in plan.settings
        if not row.is_for_staff
    ]
    after = [one for one in plan.questions if one in ("rir", "rpe", "pain_set")]
    return replace(
        plan,
        session=visit.session,
        nonce=visit.nonce,
        settings=tuple(rows),
        history={side: replace(history, day_start_g=0) for side, history in plan.history.items()},
        flags=tuple(dict.fromkeys((*plan.flags, NO_RISE))),
        questions=(*ASKED, *after),
        spent_ms=0,
    )


def last_loads(
    sides: Iterable[tuple[Side, int | None, int | None]], before: Mapping[Side, int], plan: Plan
) -> dict[Side, int]:
    """Say what each side was last given, from (side, accepted load, local cap): the lower one."""
    found: dict[Side, int] = {}
    for side, accepted_g, cap_g in sides:
        past_g = before.get(side, plan.history.get(side, History()).last_regular_g or None)
        known = [one for one in (past_g if accepted_g is None else accepted_g, cap_g) if one is not None]
        if known:
            found[side] = min(known)
    return found


def _load_g(kept: Kept, row: Setting, visit: Visit) -> int:
    plan = kept.plan
    standing = Standing(history=replace(plan.history.get(row.side, History()), day_start_g=0))
    allowed = limits(plan.envelope, visit.kind, row.side, standing, plan.flags, plan.ceiling_g)
    load_g = min(row.load_g, kept.last_g.get(row.side, row.load_g), allowed.load_g)
    return load_g - load_g % LOAD_STEP_G


def _about(subject: str, kept_ms: int) -> bytes:
    return f"{subject} {kept_ms}".encode()
