"""A session in progress at rep level, judged and remembered by the agent's own guard and session."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from contract.machines import MachineKind
from contract.messages import (
    Answer,
    Applied,
    Down,
    Event,
    Message,
    Plan,
    Receipt,
    RecordedBody,
    Rep,
    Setting,
    Side,
)
from emulator.people.bodies import Bodies, Seated, bodies
from emulator.people.members import Member
from emulator.rep_level.sets import rested
from emulator.rep_level.stream import Stream
from machine_agent.agent import latches
from machine_agent.agent.choice import choose
from machine_agent.agent.session import REFUSALS_MOST, Queued, Session
from machine_agent.facts import Evidence, Facts, Visit
from machine_agent.guard import Accepted, decide
from machine_agent.measure import RAISE_NOTHING

NOTHING = Applied(load_g=0, start_cdeg=0, end_cdeg=0)


@dataclass(slots=True, kw_only=True)
class Trainee:
    """One side's body in this session (mutable: it tires set by set)."""

    body: Bodies
    tired_at_ms: int = 0


@dataclass(slots=True, kw_only=True)
class Felt:
    """What the sets of this session were like, for the body's memory of it."""

    rir: list[float] = field(default_factory=list)
    load_kg: list[float] = field(default_factory=list)
    beyond_share: list[float] = field(default_factory=list)
    pain_nrs: list[float] = field(default_factory=list)


class Room:
    """Who trains where, with what the agent knows of the session."""

    def __init__(
        self, member: Member, kind: MachineKind, stream: Stream, chance: np.random.Generator, visit: Visit
    ) -> None:
        self.member, self.kind, self.stream, self.chance = member, kind, stream, chance
        self.known = Session(visit=visit)
        self.sides: dict[Side, Trainee] = {}
        self.felt = Felt()
        self.stopped = False  # the person pressed a button that ends the visit to this machine
        self._told_ms: dict[int, int] = {}
        self._last_rep_seq = 0
        self._unsafe: str | None = None  # why the queued setting is not used after all

    def record(self, body: RecordedBody) -> Message:
        """Write a row of this session."""
        message = self.stream.record(body, self.known.visit.session)
        self._told_ms[message.head.seq] = message.head.mono_ms
        if isinstance(body, Rep):
            self._last_rep_seq = message.head.seq
            self.known.note_quality(body.side, clean=not RAISE_NOTHING.intersection(body.quality))
        elif isinstance(body, Answer):
            self._act_on(body)
        return message

    def _act_on(self, answer: Answer) -> None:
        """Cap on red pain and on a spasm before any reply, as the agent does."""
        nrs = latches.read_nrs(answer.value)
        is_spasm = answer.question == "spasm" and nrs > 0
        if is_spasm or answer.question in ("pain_before", "pain_set"):
            self.known.note_pain(0 if is_spasm else nrs)
            capped = latches.cap_all(self.known, nrs, spasm=is_spasm)
            self.known.troubled = self.known.troubled or capped

    def begin(self, plan: Plan) -> None:
        """Take the plan and seat the person, side by side."""
        self.known.accept_plan(plan)
        for side in {row.side for row in plan.settings}:
            seated = Seated(
                person=self.member.person, condition=self.member.condition, kind=self.kind, side=side
            )
            self.sides[side] = Trainee(body=bodies([seated]))

    def hear(self, downs: Sequence[Down]) -> list[Message]:
        """Judge what the service sent, in its order; returns receipts of what is not used."""
        session = self.known.visit.session
        mine = (down for down in downs if isinstance(down, Setting) and down.session == session)
        receipts: list[Message] = []
        for setting in sorted(mine, key=lambda one: one.seq):
            verdict = decide(setting, self._facts(setting), verified=True, retained=False)
            if isinstance(verdict, Accepted):
                receipts += self._queue(setting)
                continue
            receipt = Receipt(setting=setting.id, result="refused", reason=verdict.reason, applied=NOTHING)
            receipts.append(self.record(receipt))
            self.known.refusals += verdict.suspicious
            if verdict.suspicious and self.known.refusals == REFUSALS_MOST:
                receipts.append(self.record(Event(what="assist_locked", detail=verdict.reason)))
        return receipts

    def _queue(self, setting: Setting) -> list[Message]:
        """Newest wins: the setting that waited before gets its receipt."""
        known = self.known
        before = known.queue.get(setting.side)
        known.seen[setting.seq] = setting
        known.queue[setting.side] = Queued(setting=setting, accepted_body_ms=self.stream.mono_ms)
        if before is None:
            return []
        expired = Receipt(setting=before.setting.id, result="expired", reason="SUPERSEDED", applied=NOTHING)
        return [self.record(expired)]

    def next_row(self) -> Setting | None:
        """Choose the next set's row as the agent does; None when the session is over."""
        now_ms = self.stream.mono_ms
        while (planned := self.known.planned) is not None and not self.known.is_full(planned.side, now_ms):
            queued = self.known.queue.get(planned.side)
            choice = choose(planned, queued, self._facts(planned), now_ms, now_ms)
            self._unsafe = choice.dropped
            if choice.row is not None or planned.mode != "isometric":
                return choice.row
            self.known.index += 1  # a test that may not be done now is passed over
        return None

    def start(self, row: Setting) -> list[Message]:
        """Apply a row at the start of its set; returns its receipt, and that of a setting no longer safe."""
        side = self.sides[row.side]
        side.body = side.body.tired(
            rested(side.body.fatigued, (self.stream.wall_ms - side.tired_at_ms) / 1_000)
        )
        self.known.started_ms = self.known.started_ms or self.stream.mono_ms
        queued = self.known.queue.pop(row.side, None)
        receipts = []
        if queued is not None and self._unsafe is not None:
            dropped = Receipt(
                setting=queued.setting.id, result="refused", reason=self._unsafe, applied=NOTHING
            )
            receipts.append(self.record(dropped))
        self.known.index += 1
        self.known.put_in_force(row)
        applied = Applied(load_g=row.load_g, start_cdeg=row.start_cdeg, end_cdeg=row.end_cdeg)
        return [*receipts, self.record(Receipt(setting=row.id, result="applied", applied=applied))]

    def finish(self, row: Setting, reached_deg: Sequence[float], fatigued: float) -> None:
        """Remember a finished set: its peaks and what it left of the side's strength."""
        side = self.sides[row.side]
        side.tired_at_ms = self.stream.wall_ms
        side.body = side.body.tired(np.array([fatigued]))
        for deg in reached_deg:
            self.known.note_peak(row.side, deg)

    def _facts(self, setting: Setting) -> Facts:
        known = self.known
        assert known.plan is not None  # noqa: S101 - `begin` comes first; this is for the type checker
        evidence = Evidence(
            link_age_ms=0,
            last_rep_clean=known.side(setting).last_rep_clean,
            untroubled=not known.troubled and not (known.sore and setting.mode == "isometric"),
            healthy=True,
            gravity_measured=True,
            assist_locked=known.assist_locked,
        )
        return Facts(
            visit=known.visit,
            plan=known.plan,
            stream=self.stream.stream,
            rows=self._told_ms,
            last_rep_seq=self._last_rep_seq,
            seen=known.seen,
            hold_seq=known.hold_seq,
            upcoming=known.upcoming,
            side=known.side(setting),
            evidence=evidence,
            wall_ms=self.stream.wall_ms,
            mono_ms=self.stream.mono_ms,
        )
