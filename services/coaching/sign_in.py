"""A person arrives: who is it, what is signed, and what does the past mean for today."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, cast

import msgspec
from sqlalchemy import Connection

from contract import recording
from contract.machines import catalogue
from contract.messages import Envelope, Head, NextStation, Origin, Side, SignIn
from contract.reading import converter
from services.coaching import course, history, skew
from services.coaching.case import Belief, Case, Frame, Today
from services.coaching.desk import Desk
from services.coaching.names import made_id
from services.coaching.past import Past, past_of
from services.coaching.receive import Fact
from services.keys.site import subject
from services.store import people, tables
from services.store.ledger import Ledger
from services.store.visits import Trouble

TRIES_MOST, LOCKED_MS = 5, 15 * 60_000  # protocol page: 5 tries per 15 minutes
NO_KEY = "none"
_envelope = converter(Envelope)
Tries = dict[tuple[str, str], tuple[int, int]]  # by kind and badge or code: wrong ones, locked until (ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One sign-in: the session, and the person when the credential is known."""

    case: Case
    head: Head
    origin: Origin
    body: SignIn
    person: Any | None
    sides: tuple[Side, ...] = ()
    spent_ms: int = 0  # trained in this visit on other machines
    half: Any | None = None  # the preset that halves the load of this person today
    has_withdrawn: bool = False  # the person no longer agrees to train: the plan is empty
    next: NextStation | None = None  # where the person goes afterwards
    lack: str = ""  # of signed limits: the code that staff are told
    is_swapped_out: bool = False  # staff put another station in place of this one: the plan is empty


def arrive(
    facts: Sequence[Fact], cases: Mapping[str, Case], connection: Connection, ledger: Ledger
) -> list[Arrival]:
    """Attach the persons of these sign-ins to their sessions; unknown credentials attach nobody."""
    signing = [(fact, fact.message.body) for fact in facts if isinstance(fact.message.body, SignIn)]
    known = people.known_persons(connection, (_lookup(body) for _, body in signing))
    tries: Tries = {}
    found = [(fact, body, _identified(known.get(_lookup(body)), fact, body, tries)) for fact, body in signing]
    _count(tries, ledger)
    past = past_of(connection, [(row, fact, body) for fact, body, row in found if row is not None])
    return [
        _arrival(fact, body, row, cases[fact.message.head.session or ""], past, ledger)
        for fact, body, row in found
    ]


def persons(facts: Sequence[Fact], connection: Connection) -> set[str]:
    """Name the persons who sign in with these facts, with a credential that is known."""
    lookups = {_lookup(fact.message.body) for fact in facts if isinstance(fact.message.body, SignIn)}
    return {row.id for row in people.known_persons(connection, lookups).values()} if lookups else set()


def nobody(desk: Desk, body: SignIn) -> Envelope:
    """Allow nothing: the envelope of a person without signed limits."""
    return Envelope(
        version=0,
        subject=subject(desk.site_key, _lookup(body)[1]),
        machine_kind=body.machine_kind,
        max_load_g=0,
        max_torque_nm=0,
        sides={},
        max_speed_cdeg_s=0,
        phase="calm",
        phase_cap_g=0,
        pain_green_nrs=0,
        pain_amber_nrs=0,
        valid_until_ms=0,
        key_id=NO_KEY,
    )


def _lookup(body: SignIn) -> tuple[str, str]:
    return ("badge", body.badge) if body.badge is not None else ("pin", body.code or "")


def _identified(row: Any | None, fact: Fact, body: SignIn, tries: Tries) -> Any | None:
    """Return the person, or nobody: unknown, of the other origin, locked, or with a wrong PIN.

    `tries`: what came before in this batch, perhaps at other machines; the row does not know of it yet.
    """
    if row is None or row.origin != fact.origin or row.archived_ms is not None:
        return None
    now_ms = fact.delivery.received_ms
    failed, locked_until_ms = tries.get(_lookup(body), (row.failures, row.locked_until_ms))
    if locked_until_ms > now_ms:
        return None  # after wrong PINs, or by staff: a badge that was lost
    if body.badge is not None:
        return row
    if body.pin_proof == recording.REDACTED:
        return None  # a recording is played: nobody tries a PIN
    expected = hmac.new(row.secret or b"", body.nonce.encode(), hashlib.sha256).hexdigest()
    is_right = bool(row.secret) and hmac.compare_digest(expected, body.pin_proof or "")
    failures = 0 if is_right else failed + 1
    if failures != failed:
        is_locked = failures >= TRIES_MOST
        tries[_lookup(body)] = (0, now_ms + LOCKED_MS) if is_locked else (failures, 0)
    return row if is_right else None


def _count(tries: Tries, ledger: Ledger) -> None:
    """Write once per credential how often was tried, however many machines it was tried at."""
    for (kind, lookup), (failures, locked_until_ms) in tries.items():
        counted = {"failures": failures, "locked_until_ms": locked_until_ms}
        ledger.change(tables.credential, ("kind", "lookup"), {"kind": kind, "lookup": lookup} | counted)


def _arrival(fact: Fact, body: SignIn, row: Any | None, case: Case, past: Past, ledger: Ledger) -> Arrival:
    head = fact.message.head
    case.row |= {
        "kind": body.machine_kind,
        "nonce": body.nonce,
        "first_seq": head.seq,
        "opened_ms": head.wall_ms,
        "boot": head.boot,
    }
    case.newest_seq = max(case.newest_seq, head.seq)
    arrival = Arrival(case=case, head=head, origin=fact.origin, body=body, person=row)
    envelope = _signed(past, row, body, head) if row is not None else None
    if row is None or body.machine_kind not in catalogue():
        return arrival
    visit_id = _visit(case, fact, row, past, ledger)
    case.row |= {"patient_id": row.id, "visit_id": visit_id}
    day = history.studio_day(head.wall_ms, row.time_zone)
    if past.laid_down.is_over(row.id, day):
        return replace(arrival, has_withdrawn=row.id in past.laid_down.withdrawn)
    arrival = _with_next(arrival, row, day, past)
    if arrival.is_swapped_out:
        return arrival
    if envelope is None:
        return replace(arrival, lack=_lack(past, row, body, head))
    arrival = replace(arrival, half=past.laid_down.preset(row.id, day, "half_load"))
    return _with_frame(arrival, row, envelope, past)


def _with_next(arrival: Arrival, row: Any, day: str, past: Past) -> Arrival:
    """See where the person goes on today, and whether staff have taken this station out."""
    kind, now_ms = arrival.body.machine_kind, arrival.head.wall_ms
    circuit = past.circuits.of(row, day)
    swap = None if circuit.has(kind) else past.laid_down.swap(row.id, day, kind)
    following = circuit.after(
        kind,
        lambda one: history.is_closed(row.flags, one, now_ms),
        instead=swap.replaced_by if swap is not None else None,
    )
    return replace(arrival, next=following, is_swapped_out=swap is not None)


def _with_frame(arrival: Arrival, row: Any, envelope: Envelope, past: Past) -> Arrival:
    case, visit_id = arrival.case, arrival.case.row["visit_id"]
    kind = catalogue()[arrival.body.machine_kind]
    now_ms = arrival.head.wall_ms
    visits = [visit for visit in past.visits if visit.patient_id == row.id and visit.id != visit_id]
    today = [
        history.of_today(visit, past.left.troubles.get(visit.id, Trouble()), envelope.pain_amber_nrs)
        for visit in past.visits
        if visit.id == visit_id
    ]
    who = history.person(row, kind.name, visits, now_ms)
    sessions = [one for one in past.sessions if one.patient_id == row.id and one.kind == kind.name]
    sides = history.weak_first(kind.sides, who.weak_side)
    frames = {
        side: replace(
            history.side_frame([one for one in sessions if one.side == side], visit_id, now_ms),
            tested_ms=course.tested_ms(past.records, row.id, kind.name, side),
        )
        for side in sides
    }
    frames = {
        side: history.with_tests(frame, visits, past.left.troubles, now_ms) for side, frame in frames.items()
    }
    skew_ms = past.skews_ms.get(case.row["id"], 0)
    case.frame = Frame(
        envelope=envelope,
        person=who,
        profile=row.profile,
        visit=case.visit_number,
        previous_visit=visits[0].id if visits else None,
        flags=past.laid_down.with_flags(
            skew.with_flag(
                history.flags(tuple(frames.values()), sessions, visit_id, today[0] if today else ()), skew_ms
            ),
            (row.id, history.studio_day(now_ms, row.time_zone), now_ms),
        ),
        ceiling_g=history.ceiling_g(who, kind, row.profile, tuple(frames.values())),
        clock=case.row["clock"],
        sides=frames,
        course=course.course(
            past.records, row.id, kind.name, visit_id, cleared_ms=row.flags.get("symptoms_cleared_ms", 0)
        ),
        elsewhere=_elsewhere(past, row.id, kind.name),
        stations=max(len(row.stations), 1),
        skew_ms=skew_ms,
        advice=row.advice,
        is_sore=past.laid_down.is_sore(row.id, now_ms),
        ordered=past.laid_down.ordered(row.id, kind.name),
    )
    case.row |= {
        "frame": msgspec.to_builtins(case.frame),
        "number": max(frame.session_number for frame in frames.values()),
    }
    before = {one.side: one for one in past.beliefs if (one.patient_id, one.kind) == (row.id, kind.name)}
    for side in sides:
        stored = before[side].latest if side in before else None
        case.beliefs[side] = Belief(before=stored, latest=stored)
    if visits:
        case.today.morning_nrs = visits[0].morning_nrs
    trained = past.left.trained_ms.get(visit_id, {})
    spent_ms = sum(ms for machine, ms in trained.items() if machine != arrival.head.machine)
    return replace(arrival, sides=sides, spent_ms=spent_ms)


def _elsewhere(past: Past, patient: str, kind: str) -> tuple[dict[str, Any], ...]:
    """Return the newest belief of another kind of machine: it holds what was passed on to it before."""
    others = (one.latest for one in past.elsewhere if one.patient_id == patient and one.kind != kind)
    return tuple(islice(others, 1))


def _signed(past: Past, row: Any, body: SignIn, head: Head) -> Envelope | None:
    """Find the limits that hold, as signed for the credential that was shown."""
    limits = past.limits.get((row.id, body.machine_kind))
    if limits is None or limits.valid_until_ms < head.wall_ms:
        return None
    choices = (limits.envelope, *limits.others.values())
    chosen = next((one for one in choices if one["subject"] == row.subject), None)
    return None if chosen is None else _envelope(chosen)


def _lack(past: Past, row: Any, body: SignIn, head: Head) -> str:
    """Tell the code of what is wrong with the limits of who has none that hold."""
    limits = past.limits.get((row.id, body.machine_kind))
    if limits is None:
        return "limits_missing"
    return "limits_expired" if limits.valid_until_ms < head.wall_ms else "limits_other_card"


def _visit(case: Case, fact: Fact, row: Any, past: Past, ledger: Ledger) -> str:
    """Find or open today's visit in the studio's day."""
    head = fact.message.head
    day = history.studio_day(head.wall_ms, row.time_zone)
    visits = [visit for visit in past.visits if visit.patient_id == row.id]
    today = next((visit for visit in visits if visit.day == day), None)
    if today is not None:
        case.today = Today(
            day=day, pain_before=today.pain_before, spasm=today.spasm, new_symptoms=today.new_symptoms
        )
        case.visit_number = today.number
        return cast("str", today.id)
    number = 1 + max((visit.number for visit in visits), default=0)
    case.today.day, case.visit_number = day, number
    made = made_id("visit", row.id, fact.origin, day)
    ledger.insert(
        tables.visit,
        {
            "id": made,
            "patient_id": row.id,
            "origin": fact.origin,
            "day": day,
            "number": number,
            "started_ms": head.wall_ms,
            "pain_before": None,
            "pain_after": None,
            "morning_nrs": None,
            "spasm": False,
            "new_symptoms": "none",
        },
    )
    return made
