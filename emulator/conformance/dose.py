"""The plan and the settings that the kit gives: light, short, every cap where a probe can meet it."""

import hashlib
import hmac
import uuid
from dataclasses import dataclass, replace

from contract.envelope import SESSION_PERCENT, SET_MOST_G, SET_PERCENT, WEEK_PERCENT, Cap, staff_cap
from contract.machines import LOAD_STEP_G, MachineKind, catalogue
from contract.messages import (
    Basis,
    Envelope,
    Head,
    History,
    Plan,
    Setting,
    Side,
    SideRange,
    SignIn,
    Stop,
    Why,
)
from emulator.conformance.credentials import COMMAND, ENVELOPE, Signer

LOAD_SHARE, LOAD_LEAST_G = (
    0.25,
    4_000,
)  # of a weak woman's torque; from 4 kg on each cap has a place of its own
END_SHARE = 0.6  # of the usual range: nobody has to stretch
TEMPO_MS = (2_000, 0, 2_000)
REST_MS = 20_000
TTL_MS = 30_000
VALID_MS = 86_400_000  # the kit's limits live a day
SUBJECT_BYTES = 16
PATIENT = str(uuid.UUID(int=1))
NAMES = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How much a plan asks for; `median_share`: what was lifted lately, beside today's first load.

    On a spasm day it is a trial without load, and one light set that only staff open.
    """

    sets: int = 2
    reps: int = 3
    median_share: float = 1.0
    greeting: str = "conformance"
    is_spasm_day: bool = False


def base_g(kind: MachineKind) -> int:
    """Choose the first load of a kind of machine (g)."""
    light_g = kind.load_kg(kind.torque_women_nm * LOAD_SHARE) * 1_000
    return in_steps(max(light_g, LOAD_LEAST_G))


def in_steps(load_g: float) -> int:
    """Round a load down to a step of the machines."""
    return int(load_g) // LOAD_STEP_G * LOAD_STEP_G


def set_cap_g(accepted_g: int) -> int:
    """Say how much a set may have after a set of so much (g)."""
    return in_steps(accepted_g + max(LOAD_STEP_G, min(SET_MOST_G, accepted_g * SET_PERCENT // 100)))


def session_cap_g(first_g: int) -> int:
    """Say how much a session may reach that began with so much (g)."""
    return in_steps(first_g + max(LOAD_STEP_G, first_g * SESSION_PERCENT // 100))


def week_cap_g(median_g: int) -> int:
    """Say how much a week may reach after a median of so much (g)."""
    return in_steps(median_g + max(LOAD_STEP_G, median_g * WEEK_PERCENT // 100))


def subject(site_key: bytes, identity: str) -> str:
    """Compute whom limits are for, from the badge or code that was scanned."""
    return hmac.new(site_key, identity.encode(), hashlib.sha256).digest()[:SUBJECT_BYTES].hex()


def new_id(*parts: object) -> str:
    """Make an id of what it is about, so that two runs write the same."""
    return str(uuid.uuid5(NAMES, "/".join(map(str, parts))))


def plan(head: Head, asked: SignIn, shape: Shape, signer: Signer) -> Plan:
    """Answer a sign-in: unsigned plan, signed limits and rows."""
    kind = catalogue()[asked.machine_kind]
    side = kind.sides[0]
    limits = signer.limit(envelope(head, asked, kind, signer))
    rows = tuple(_row(head, asked, kind, number, shape.reps) for number in range(1, shape.sets + 1))
    history = _history(rows[0], kind, shape)
    if shape.is_spasm_day:
        rows = _for_staff(rows[0], staff_cap(limits, side, history))
    return Plan(
        session=head.session or "",
        nonce=asked.nonce,
        patient=PATIENT,
        greeting=shape.greeting,
        language="en",
        clock="wall",
        profile="studio",
        envelope=limits,
        settings=tuple(signer.sign(row) for row in rows),
        history={side: history},
        flags=("no_increase", "spasm") if shape.is_spasm_day else (),
        ceiling_g=0,
        questions=("pain_before", "rir", "pain_set"),
        set_up={},
        key_id=COMMAND,
    )


def _history(first: Setting, kind: MachineKind, shape: Shape) -> History:
    return History(
        median3_g=in_steps(first.load_g * shape.median_share),
        peak_cdeg=first.end_cdeg + 2 * kind.range_step_cdeg,
        last_regular_g=first.load_g,
        peak_regular_cdeg=first.end_cdeg,
    )


def _for_staff(row: Setting, cap: Cap) -> tuple[Setting, ...]:
    """Make the two rows of a spasm day: a trial without load, and the light set that staff open."""
    end_cdeg = (cap.end_cdeg or row.end_cdeg) // 100 * 100
    trial = replace(row, mode="mobility", load_g=0, end_cdeg=end_cdeg)
    light = replace(row, set=2, seq=2, id=new_id(row.session, "row", 2), end_cdeg=end_cdeg, opens="staff")
    return trial, replace(light, load_g=in_steps(cap.load_g or 0))


def envelope(head: Head, asked: SignIn, kind: MachineKind, signer: Signer) -> Envelope:
    """Make unsigned limits: twice the first load, and two range steps beyond the range."""
    low_cdeg, end_cdeg = working_range(kind)
    highest_cdeg = end_cdeg + 2 * kind.range_step_cdeg
    reach = SideRange(lowest_cdeg=low_cdeg, highest_cdeg=highest_cdeg, start_highest_cdeg=highest_cdeg)
    most_g = 2 * base_g(kind)
    return Envelope(
        version=1,
        subject=subject(signer.site_key, asked.badge or asked.code or ""),
        machine_kind=kind.name,
        max_load_g=most_g,
        max_torque_nm=0,
        sides={kind.sides[0]: reach},
        max_speed_cdeg_s=kind.max_speed_cdeg_s,
        phase="build",
        phase_cap_g=most_g,
        pain_green_nrs=3,
        pain_amber_nrs=5,
        valid_until_ms=head.wall_ms + VALID_MS,
        key_id=ENVELOPE,
    )


def working_range(kind: MachineKind) -> tuple[int, int]:
    """Choose start and end angle of the kit's sets (hundredths of a degree)."""
    low, high = kind.default_cdeg
    return low, low + int((high - low) * END_SHARE) // 100 * 100


def nobody(head: Head, asked: SignIn, signer: Signer, *, greeting: str = "") -> Plan:
    """Answer that this person may train nothing here; nobody signs it."""
    whole = plan(head, asked, Shape(), signer)
    limits = replace(whole.envelope, sides={}, max_load_g=0, phase_cap_g=0, sig="")
    return replace(whole, envelope=limits, settings=(), history={}, questions=(), greeting=greeting)


def setting_for(row: Setting, load_g: int, seq: int, basis: Basis) -> Setting:
    """Make the unsigned setting that takes the place of a plan's row."""
    identity = new_id(row.session, row.set, seq, load_g, basis.stream, basis.seq)
    return replace(row, id=identity, load_g=load_g, seq=seq, basis=basis, sig="")


def side_of(plan: Plan) -> Side:
    """Return the one side that the kit trains."""
    return plan.settings[0].side


def _row(head: Head, asked: SignIn, kind: MachineKind, number: int, reps: int) -> Setting:
    start_cdeg, end_cdeg = working_range(kind)
    return Setting(
        id=new_id(head.session, "row", number),
        session=head.session or "",
        nonce=asked.nonce,
        seq=number,
        set=number,
        side=kind.sides[0],
        mode="train",
        load_g=base_g(kind),
        start_cdeg=start_cdeg,
        end_cdeg=end_cdeg,
        reps=reps,
        work_ms=0,
        tempo_ms=TEMPO_MS,
        rest_ms=REST_MS,
        stop=Stop(),
        basis=Basis(stream=head.stream, seq=head.seq),
        ttl_ms=TTL_MS,
        envelope_version=1,
        why=(Why(code="conformance"),),
        policy="conformance",
        model="none",
        key_id=COMMAND,
    )
