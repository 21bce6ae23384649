"""Staff act on machines and sessions: holds, overrides, settings that wait."""

from typing import Annotated

from fastapi import APIRouter, Path

from contract.messages.vocabulary import UUID_PATTERN
from services.api.answering import act, command_key, done
from services.api.context import Here
from services.api.deps import Doing, MachineId, SessionId, Sight, UnitChoice, Work
from services.api.schemas.orders import (
    AdviceWish,
    GiveBack,
    HoldWish,
    Order,
    Orders,
    OverrideWish,
    Proposals,
)
from services.insights import orders as insight
from services.insights import proposals as waiting
from services.office import holds, overrides, proposals
from services.store import orders as store

router = APIRouter(prefix="/v1", tags=["orders"])
SettingId = Annotated[str, Path(pattern=UUID_PATTERN)]
SiteId = Annotated[str, Path(pattern="^[a-z0-9-]{1,64}$")]


@router.post("/machines/{machine}/hold", status_code=201, response_model=Order)
def hold_machine(machine: MachineId, wish: HoldWish, doing: Doing) -> insight.Order:
    """Stop, pause or freeze; the answer is "sent", and read_hold tells whether the machine has heard."""
    wanted = holds.Wanted(action=wish.action, reason=wish.reason)
    done(holds.hold(doing.connection, (doing.origin, machine), wanted, act(doing)))
    return insight.order(store.holds(doing.connection, doing.origin, [machine])[0], doing.now_ms)


@router.get("/machines/{machine}/hold", response_model=Orders)
def read_hold(machine: MachineId, sight: Sight) -> dict[str, object]:
    """List the holds of a machine that nobody has released."""
    found = store.holds(sight.connection, sight.origin, [machine])
    return {"items": [insight.order(row, sight.now_ms) for row in found]}


@router.post("/machines/{machine}/release", status_code=204)
def release_machine(machine: MachineId, doing: Doing) -> None:
    """Take the holds of a machine back; a machine that stands still is let go on site, never from here."""
    done(holds.release(doing.connection, (doing.origin, machine), act(doing)))


@router.post("/sessions/{session_id}/override", status_code=201, response_model=Order)
def override_session(session_id: SessionId, wish: OverrideWish, doing: Doing, here: Here) -> insight.Order:
    """Put a dose of staff above the model's, inside the limits, until it is given back."""
    wanted = overrides.Wish(
        side=wish.side,
        because=wish.because,
        reason=wish.reason,
        load_g=None if wish.load_kg is None else round(wish.load_kg * 1_000),
        start_cdeg=None if wish.start_deg is None else round(wish.start_deg * 100),
        end_cdeg=None if wish.end_deg is None else round(wish.end_deg * 100),
        reps=wish.reps,
    )
    made = done(overrides.override(doing.connection, session_id, wanted, command_key(here), act(doing)))
    return _one(doing, session_id, made)


@router.post("/sessions/{session_id}/give-back", status_code=204)
def give_back_session(session_id: SessionId, which: GiveBack, doing: Doing) -> None:
    """Let the model choose again, from its next decision on."""
    done(overrides.give_back(doing.connection, session_id, which.side, act(doing)))


@router.get("/sessions/{session_id}/orders", response_model=Orders)
def list_session_orders(session_id: SessionId, sight: Sight) -> dict[str, object]:
    """List what staff ordered in a session, the newest first."""
    found = store.of_sessions(sight.connection, [session_id])
    return {"items": [insight.order(row, sight.now_ms) for row in found]}


@router.get("/proposals", response_model=Proposals)
def list_proposals(sight: Sight, unit: UnitChoice = "kg") -> dict[str, object]:
    """List the settings that wait for staff, at sites where the model only advises."""
    found = store.proposals(sight.connection, sight.origin, sight.actor.scope.sites)
    return {"items": [waiting.proposal(row, unit) for row in found]}


@router.post("/settings/{setting_id}/confirm", status_code=204)
def confirm_setting(setting_id: SettingId, doing: Doing, here: Here) -> None:
    """Send a setting that waited."""
    done(proposals.confirm(doing.connection, setting_id, command_key(here), act(doing)))


@router.post("/sites/{site_id}/advice", status_code=204)
def set_site_advice(site_id: SiteId, wish: AdviceWish, doing: Doing) -> None:
    """Let settings of a site wait for staff, or act again; holds from the next sign-in at a machine on."""
    done(proposals.set_advice(doing.connection, site_id, advice=wish.advice, act=act(doing)))


def _one(doing: Work, session_id: str, made: str) -> insight.Order:
    rows = {row.id: row for row in store.of_sessions(doing.connection, [session_id])}
    return insight.order(rows[made], doing.now_ms)
