"""One session at rep level: the rows that a true agent would record, step by step, in a closed loop.

`session(...)` is a generator: it yields rows and is sent what the service answered to them.
"""

from collections.abc import Generator, Sequence

import numpy as np

from contract.machines import CDEG, MachineKind
from contract.messages import (
    Answer,
    Down,
    EndedBy,
    Event,
    Gravity,
    Message,
    Plan,
    Quality,
    SetEnd,
    Setting,
    SignIn,
    SignOut,
)
from emulator.people import answers
from emulator.people.condition import Session
from emulator.people.effort import Doses
from emulator.people.members import Member
from emulator.people.said import RIR_WORDS
from emulator.physiology import gravity
from emulator.rep_level import pushes, recorded_reps
from emulator.rep_level.room import Room
from emulator.rep_level.sets import ENDINGS, Sets, perform
from emulator.rep_level.stream import Stream
from machine_agent.facts import Visit
from machine_agent.guard import check_plan

FIRMWARE = "emulator-1"
SET_UP_S = 60.0  # from sign-in to the first question: seat, pads, weigh-in; design
ANSWER_S = 4.0  # to answer a question; design

Talk = Generator[list[Message], Sequence[Down], Session | None]


def session(
    member: Member, kind: MachineKind, stream: Stream, chance: np.random.Generator, *, with_curves: bool
) -> Talk:
    """Train one person on one machine; returns what it was to the body, None without a valid plan."""
    nonce, name = stream.nonce(), stream.new_id()
    sign_in = SignIn(nonce=nonce, machine_kind=kind.name, firmware=FIRMWARE, badge=member.badge)
    downs = yield [stream.record(sign_in, name)]
    plan = next((down for down in downs if isinstance(down, Plan) and down.session == name), None)
    visit = Visit(kind=kind, subject=plan.envelope.subject if plan else "", session=name, nonce=nonce)
    if plan is None or check_plan(plan, visit, stream.wall_ms, verified=True, retained=False) is not None:
        yield [stream.record(SignOut(), name)]
        return None
    room = Room(member, kind, stream, chance, visit)
    room.begin(plan)
    receipts = room.hear((yield _questions(room, plan)))
    while (row := room.next_row()) is not None and not (room.stopped or _is_nothing(row)):
        receipts = room.hear((yield receipts + _train(room, row, with_curves=with_curves)))
        stream.wait(max(row.rest_ms / 1_000 - 2 * ANSWER_S, ANSWER_S))
    yield [*receipts, room.record(SignOut())]
    return _memory(room)


def _is_nothing(row: Setting) -> bool:
    """Tell whether a work set was taken down to nothing: then nobody stays on the machine."""
    return row.mode == "train" and row.load_g == 0


def _questions(room: Room, plan: Plan) -> list[Message]:
    """Weigh the person, and answer what the plan asks about today."""
    member, kind = room.member, room.kind
    room.stream.wait(SET_UP_S)
    angles = tuple(
        angle / CDEG for angle in (kind.default_cdeg[0], sum(kind.default_cdeg) // 2, kind.default_cdeg[1])
    )
    torques = tuple(-gravity.torque_nm(kind, member.person.mass_kg, deg) for deg in angles)
    rows = [room.record(Gravity(deg=angles, nm=torques))]
    for question in plan.questions:
        room.stream.wait(ANSWER_S)
        value = answers.before(question, member.person, member.condition, room.chance)
        if value is not None:
            rows.append(room.record(Answer(question=question, value=value)))
    return rows


def _train(room: Room, row: Setting, *, with_curves: bool) -> list[Message]:
    """Do one set and answer its questions; the rest follows it."""
    rows = room.start(row)
    if row.mode == "isometric":
        return [*rows, *_push(room, row)]
    sets = perform(room.sides[row.side].body, doses(row), room.chance)
    quality: tuple[Quality, ...] = ("warm_up",) if row.mode == "warm_up" else ()
    for rep in recorded_reps.reps(row, sets, quality, room.chance if with_curves else None):
        room.stream.wait(rep.concentric_s + rep.hold_s + rep.eccentric_s)
        rows.append(room.record(rep))
    ended_by = ENDINGS[int(sets.ended_by[0])]
    if ended_by == "pain":
        rows.append(room.record(Event(what="pain")))
        room.stopped = room.known.troubled = True
    rows.append(room.record(_set_end(row, sets, ended_by)))
    _remember(room, row, sets)
    reached_deg = [float(deg) for deg in sets.end_deg[0, : int(sets.reps[0])]]
    room.finish(row, reached_deg, float(sets.fatigued[0]))
    if row.mode != "train":
        return rows
    felt = answers.AfterSet(rir=RIR_WORDS[int(sets.said_rir[0])], pain=int(sets.said_pain[0]))
    for question in ("rir", "pain_set"):
        room.stream.wait(ANSWER_S)
        value = answers.after(question, felt)
        if value is not None:
            rows.append(room.record(Answer(question=question, set=row.set, value=value)))
    return rows


def _push(room: Room, row: Setting) -> list[Message]:
    """Do the tries of a strength test and tell how the back felt."""
    plan, body = room.known.plan, room.sides[row.side].body
    limit_nm = plan.envelope.max_torque_nm if plan else 0
    told = pushes.tries(body, row, limit_nm, room.chance)
    room.stream.wait(pushes.took_s(row))
    end = SetEnd(
        set=row.set, side=row.side, setting=row.id, reps=0, partial_reps=0, ended_by="target",
        duration_s=pushes.took_s(row),
    )  # fmt: skip
    room.finish(row, [], float(body.fatigued[0]))
    return [*(room.record(one) for one in told), room.record(end)]


def _set_end(row: Setting, sets: Sets, ended_by: EndedBy) -> SetEnd:
    return SetEnd(
        set=row.set,
        side=row.side,
        setting=row.id,
        reps=int(sets.reps[0]),
        partial_reps=int(sets.partial_reps[0]),
        ended_by=ended_by,
        duration_s=round(float(sets.duration_s[0]), 2),
    )


def _remember(room: Room, row: Setting, sets: Sets) -> None:
    if row.mode != "train":
        return
    body, felt = room.sides[row.side].body, room.felt
    span_deg = max((row.end_cdeg - row.start_cdeg) / CDEG, 1.0)
    felt.rir.append(float(sets.rir[0]))
    felt.load_kg.append(row.load_g / 1_000)
    felt.pain_nrs.append(float(sets.pain[0]))
    felt.beyond_share.append((row.end_cdeg / CDEG - float(body.tolerated_deg[0])) / span_deg)


def _memory(room: Room) -> Session | None:
    felt = room.felt
    if not felt.rir:
        return None
    return Session(
        kind=room.kind.name,
        rir=min(felt.rir),
        load_kg=max(felt.load_kg),
        beyond_share=max(felt.beyond_share),
        pain_nrs=max(felt.pain_nrs),
    )


def doses(row: Setting) -> Doses:
    """Turn a row of the plan into one dose of the rep level."""

    def one(value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([value], dtype=np.float64)

    concentric, hold, eccentric = (ms / 1_000 for ms in row.tempo_ms)
    return Doses(
        load_kg=one(row.load_g / 1_000),
        start_deg=one(row.start_cdeg / CDEG),
        end_deg=one(row.end_cdeg / CDEG),
        reps=one(row.stop.max_reps or row.reps),
        work_s=one(row.work_ms / 1_000),
        concentric_s=one(concentric),
        hold_s=one(hold),
        eccentric_s=one(eccentric),
        min_speed_pct=one(row.stop.min_speed_pct),
        min_range_pct=one(row.stop.min_range_pct),
        max_tempo_pct=one(row.stop.max_tempo_pct),
    )
