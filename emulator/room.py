"""A session in progress at rep level: what is in force, and what the true guard must know to judge."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from contract.envelope import Standing
from contract.machines import CDEG, MachineKind
from contract.messages import (
    Applied,
    Down,
    History,
    Message,
    Plan,
    Receipt,
    RecordedBody,
    Rep,
    Setting,
    Side,
)
from emulator.bodies import Bodies, Seated, bodies
from emulator.members import Member
from emulator.rep_level import rested
from emulator.stream import Stream
from machine_agent.facts import Current, Evidence, Facts, SideState, Visit
from machine_agent.guard import Accepted, decide

NOTHING = Applied(load_g=0, start_cdeg=0, end_cdeg=0)


@dataclass(slots=True, kw_only=True)
class Trainee:
    """One side of the person in this session (mutable: it grows set by set)."""

    standing: Standing
    body: Bodies
    current: Current | None = None
    tired_at_ms: int = 0


@dataclass(slots=True, kw_only=True)
class Felt:
    """What the sets of this session were like, for the body's memory of it."""

    rir: list[float] = field(default_factory=list)
    load_kg: list[float] = field(default_factory=list)
    beyond_share: list[float] = field(default_factory=list)
    pain_nrs: list[float] = field(default_factory=list)


class Room:
    """Who trains where; `rows` is in force by set, `told_ms` and `seen` are the agent's memory."""

    def __init__(
        self, member: Member, kind: MachineKind, stream: Stream, chance: np.random.Generator, visit: Visit
    ) -> None:
        self.member, self.kind, self.stream, self.chance, self.visit = member, kind, stream, chance, visit
        self.plan: Plan | None = None
        self.rows: dict[int, Setting] = {}
        self.sides: dict[Side, Trainee] = {}
        self.felt = Felt()
        self.hurts = False
        self._begun = 0
        self._seen: dict[int, Setting] = {}
        self._told_ms: dict[int, int] = {}
        self._last_rep_seq = 0
        self._clean = True

    def record(self, body: RecordedBody) -> Message:
        """Write a row of this session."""
        message = self.stream.record(body, self.visit.session)
        self._told_ms[message.head.seq] = message.head.mono_ms
        if isinstance(body, Rep):
            self._last_rep_seq = message.head.seq
            self._clean = not body.quality
        return message

    def begin(self, plan: Plan) -> None:
        """Take the plan: its rows are in force until a setting replaces them."""
        self.plan = plan
        self.rows = {row.set: row for row in plan.settings}
        for side in {row.side for row in plan.settings}:
            seated = Seated(
                person=self.member.person, condition=self.member.condition, kind=self.kind, side=side
            )
            history = plan.history.get(side, History())
            standing = Standing(history=history, day_start_g=history.day_start_g)
            self.sides[side] = Trainee(standing=standing, body=bodies([seated]))

    def hear(self, downs: Sequence[Down]) -> list[Message]:
        """Judge what the service sent, in its order; returns the receipts of what was refused."""
        mine = (down for down in downs if isinstance(down, Setting) and down.session == self.visit.session)
        refused = []
        for setting in sorted(mine, key=lambda one: one.seq):
            verdict = decide(setting, self._facts(setting.side), verified=True, retained=False)
            if isinstance(verdict, Accepted):
                self._seen[setting.seq] = setting
                self.rows[setting.set] = setting
            else:
                receipt = Receipt(
                    setting=setting.id, result="refused", reason=verdict.reason, applied=NOTHING
                )
                refused.append(self.record(receipt))
        return refused

    def start(self, row: Setting) -> Message:
        """Apply a row at the start of its set; returns its receipt."""
        side = self.sides[row.side]
        rest_s = (self.stream.wall_ms - side.tired_at_ms) / 1_000
        side.body = side.body.tired(rested(side.body.fatigued, rest_s))
        side.current = Current(load_g=row.load_g, start_cdeg=row.start_cdeg, end_cdeg=row.end_cdeg)
        self._begun = row.set
        applied = Applied(load_g=row.load_g, start_cdeg=row.start_cdeg, end_cdeg=row.end_cdeg)
        return self.record(Receipt(setting=row.id, result="applied", applied=applied))

    def finish(self, row: Setting, reached_deg: Sequence[float]) -> None:
        """Remember a finished set as the agent does: accepted load, first range, peaks of the side."""
        side = self.sides[row.side]
        side.tired_at_ms = self.stream.wall_ms
        before = side.standing
        peaks = tuple(round(deg * CDEG) for deg in reached_deg)
        side.standing = replace(before, peaks_cdeg=before.peaks_cdeg + peaks)
        if row.mode == "train":
            side.standing = replace(
                side.standing,
                accepted_g=row.load_g,
                day_start_g=before.day_start_g or row.load_g,
                range_cdeg=before.range_cdeg or (row.start_cdeg, row.end_cdeg),
            )

    def _facts(self, side: Side) -> Facts:
        assert self.plan is not None  # noqa: S101 - `begin` comes first; this is for the type checker
        trainee = self.sides[side]
        evidence = Evidence(
            link_age_ms=0,
            last_rep_clean=self._clean,
            untroubled=not self.hurts,
            healthy=True,
            gravity_measured=True,
            assist_locked=False,
        )
        return Facts(
            visit=self.visit,
            plan=self.plan,
            stream=self.stream.stream,
            rows=self._told_ms,
            last_rep_seq=self._last_rep_seq,
            seen=self._seen,
            hold_seq=0,
            upcoming={row.set: (row.side, row.mode) for row in self.rows.values() if row.set > self._begun},
            side=SideState(standing=trainee.standing, current=trainee.current or self._planned(side)),
            evidence=evidence,
            wall_ms=self.stream.wall_ms,
            mono_ms=self.stream.mono_ms,
        )

    def _planned(self, side: Side) -> Current | None:
        row = next((one for _, one in sorted(self.rows.items()) if one.side == side), None)
        if row is None:
            return None
        return Current(load_g=row.load_g, start_cdeg=row.start_cdeg, end_cdeg=row.end_cdeg)
