"""Machines: enrol, claim, change, retire, calibrate, and how they are."""

from http import HTTPStatus

from fastapi import APIRouter

from services.api.answering import act, done
from services.api.context import Here
from services.api.deps import Doing, MachineId, Sight, SiteId, View
from services.api.first_answers import SHOWN_ONCE
from services.api.problems import Refused, not_found
from services.api.schemas import Page
from services.api.schemas import places as bodies
from services.insights import machine_health
from services.insights.units import at
from services.office import machines
from services.store import conformance
from services.store import machines as store

router = APIRouter(prefix="/v1", tags=["machines"])
CALIBRATIONS_MOST = 20


@router.get("/machine-health", response_model=Page[bodies.MachineHealth])
def list_machine_health(sight: Sight) -> dict[str, object]:
    """List machines with last word, clock, calibration, firmware and conformance, the retired too."""
    rows = store.health(sight.connection, sight.origin, sight.actor.scope.sites)
    return {"items": machine_health.health(rows, _newest(sight), sight.now_ms)}


@router.get("/firmware", response_model=Page[bodies.Firmware])
def list_firmware(sight: Sight) -> dict[str, object]:
    """List which machines run which firmware."""
    rows = store.health(sight.connection, sight.origin, sight.actor.scope.sites)
    return {"items": machine_health.firmware(rows)}


@router.post("/machines/claim", status_code=HTTPStatus.CREATED, dependencies=SHOWN_ONCE)
def claim_machine(doing: Doing, here: Here, body: bodies.Claim) -> bodies.ClaimedMachine:
    """Exchange a one-time code for what a machine needs; its password never leaves it."""
    keys = here.agent_keys()
    if not keys:
        raise Refused(HTTPStatus.CONFLICT, "No public keys are published here: admin keys publish.")
    secret = machines.Secret(salt=body.salt, password_hash=body.password_hash)
    claimed = done(machines.claim(doing.connection, body.code, secret, doing.now_ms))
    return bodies.ClaimedMachine(
        machine=claimed.machine,
        kind=claimed.kind,
        mode=claimed.origin,
        client=claimed.client,
        site_key=here.site_key.hex(),
        keys={key_id: bodies.PublicKey.model_validate(row) for key_id, row in keys.items()},
    )


@router.post("/sites/{site_id}/machines", status_code=HTTPStatus.CREATED, dependencies=SHOWN_ONCE)
def enrol_machine(site_id: SiteId, doing: Doing, body: bodies.NewMachine) -> bodies.MachineCode:
    """Add a machine; the code is in this answer and nowhere else, and holds for ten minutes."""
    new = machines.NewMachine(**body.model_dump())
    return _code(done(machines.enrol(doing.connection, site_id, new, doing.origin, act(doing))))


@router.get("/machines/{machine}", response_model=bodies.MachineFile)
def read_machine(machine: MachineId, sight: Sight) -> dict[str, object]:
    """Show how one machine is, with its calibrations."""
    rows = store.health(sight.connection, sight.origin, sight.actor.scope.sites)
    found = machine_health.health(machine_health.only(rows, machine), _newest(sight), sight.now_ms)
    if not found:
        raise not_found("machine")
    done_before = store.calibrations(sight.connection, (sight.origin, machine), CALIBRATIONS_MOST)
    shown = bodies.MachineHealth.model_validate(found[0]).model_dump()
    return shown | {"calibrations": machine_health.calibrations(done_before)}


@router.post("/machines/{machine}/code", status_code=HTTPStatus.CREATED, dependencies=SHOWN_ONCE)
def renew_machine_code(machine: MachineId, doing: Doing) -> bodies.MachineCode:
    """Make another one-time code: the machine that claims it replaces the one before."""
    return _code(done(machines.renew_code(doing.connection, (doing.origin, machine), act(doing))))


@router.patch("/machines/{machine}", status_code=HTTPStatus.NO_CONTENT)
def change_machine(machine: MachineId, doing: Doing, body: bodies.MachineChange) -> None:
    """Give a machine another name, or another site of the actor's."""
    own = doing.actor.scope.sites
    if body.site is not None and own is not None and body.site not in own:
        raise not_found("site")
    values = {"name": body.name, "site_id": body.site}
    given = {name: value for name, value in values.items() if value is not None}
    done(machines.change(doing.connection, (doing.origin, machine), given, act(doing)))


@router.post("/machines/{machine}/retire", status_code=HTTPStatus.NO_CONTENT)
def retire_machine(machine: MachineId, doing: Doing, body: bodies.Retirement) -> None:
    """Take a machine out of use; its history stays."""
    done(machines.retire(doing.connection, (doing.origin, machine), body.reason, act(doing)))


@router.post("/machines/{machine}/return", status_code=HTTPStatus.CREATED, dependencies=SHOWN_ONCE)
def bring_back_machine(machine: MachineId, doing: Doing, body: bodies.Retirement) -> bodies.MachineCode:
    """Put a retired machine into use again, by a new one-time code."""
    place = (doing.origin, machine)
    return _code(done(machines.bring_back(doing.connection, place, body.reason, act(doing))))


@router.post("/machines/{machine}/calibrations", status_code=HTTPStatus.CREATED)
def calibrate_machine(machine: MachineId, doing: Doing, body: bodies.NewCalibration) -> bodies.Calibrated:
    """Record a calibration; a machine that did not pass is due at once."""
    measured = machines.Measured(**body.model_dump())
    place = (doing.origin, machine)
    return bodies.Calibrated(passed=done(machines.calibrate(doing.connection, place, measured, act(doing))))


def _newest(sight: View) -> machine_health.Newest:
    return machine_health.Newest(
        calibrations=store.newest_calibrations(sight.connection, sight.origin),
        reports=conformance.newest(sight.connection, sight.origin),
    )


def _code(made: machines.Code) -> bodies.MachineCode:
    return bodies.MachineCode(machine=made.machine, code=made.code, expires_at=at(made.expires_ms))
