"""A room that keeps its own book of what happened, and judges every row that is put in force.

Only what can be seen from outside goes into the book (messages, touches, rows, drive commands); the verdict
is the oracle's, never the guard's.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from agent_facts import amount_reason
from agent_room import STAFF_PIN, TICK_MS, Room

from contract.codec import Undecodable
from contract.envelope import Cap, Standing
from contract.messages import (
    Answer,
    Down,
    Event,
    History,
    Hold,
    Plan,
    Receipt,
    RecordedBody,
    Rep,
    SetEnd,
    Setting,
    Side,
    SignIn,
)
from machine_agent.agent import Drive, Effect, Record, State
from machine_agent.facts import Current, Evidence, Facts, SideState, Visit
from machine_agent.inputs import PatientInput, Press, StaffPin
from openspine.fuzz import oracle

UNLOAD_MS = 1_000  # from anything to zero
FLAGGED = {"partial", "posture", "sensor"}  # such a rep raises nothing
HEAVY = (State.WORKING, State.REST)  # the only states in which a drive may hold a load
NO_WORDS = ("", "0", "no", "none")
GREEN_NRS, AMBER_NRS = 3, 5


@dataclass
class Book:
    """What one side has done in this session, in the shadow's own words."""

    history: History
    day_start_g: int
    accepted_g: int | None = None
    range_cdeg: tuple[int, int] | None = None
    peaks_cdeg: list[int] = field(default_factory=list)
    current: Current | None = None
    clean: bool = True
    caps: list[Cap] = field(default_factory=list)
    spasm: list[Cap] = field(default_factory=list)  # what staff may open again
    is_painless: bool = False  # a trial without load was done, and did not hurt
    opened: bool = False  # and then staff came

    def side(self, planned: Setting) -> SideState:
        """Write the page as the oracle reads it; before the first set a side has its planned row."""
        caps = self.caps if planned.opens == "staff" else [*self.caps, *self.spasm]
        standing = Standing(
            history=self.history,
            accepted_g=self.accepted_g,
            day_start_g=self.day_start_g,
            range_cdeg=self.range_cdeg,
            peaks_cdeg=tuple(self.peaks_cdeg[-3:]),
        )
        loads = [cap.load_g for cap in caps if cap.load_g is not None]
        ends = [cap.end_cdeg for cap in caps if cap.end_cdeg is not None]
        cap = Cap(load_g=min(loads, default=None), end_cdeg=min(ends, default=None))
        now = self.current or _what(planned)
        return SideState(standing=standing, current=now, cap=cap, opened=self.opened)

    def put(self, row: Setting) -> None:
        """Enter a row that was put in force; ramp sets are no reference."""
        if row.mode != "train":
            return
        self.accepted_g = row.load_g
        self.day_start_g = self.day_start_g or row.load_g
        self.range_cdeg = self.range_cdeg or (row.start_cdeg, row.end_cdeg)
        self.current = _what(row)


class ShadowRoom(Room):
    """A room with a shadow; `faults` lists every broken invariant, empty when all is well."""

    def __init__(self, **changes: Any) -> None:
        self.faults: list[str] = []
        self.judged = self.rises = 0
        self.plan: Plan | None = None
        self.books: dict[Side, Book] = {}
        self.firsts: dict[Side, int] = {}  # first regular load of the day, over sign-outs
        self.troubled = False
        self.heard_ms = 0
        self.given: dict[str, Setting] = {}
        self.row: Setting | None = None
        self._tried: SetEnd | None = None
        self.is_sore = False
        self._light_ms = self._last_g = 0
        super().__init__(**changes)

    @property
    def in_force_g(self) -> int:
        """Load of the row that was put in force last."""
        return self.row.load_g if self.row else 0

    def hear(self, body: Down | Undecodable, **verdict: bool) -> list[RecordedBody]:
        if not isinstance(body, Undecodable) and not verdict.get("retained", False):
            self.heard_ms = self.mono_ms
        is_waiting = self.view.state is State.IDENTIFIED
        if isinstance(body, Setting):
            self.given.setdefault(body.id, body)
        elif isinstance(body, Hold) and not verdict.get("retained", False):
            mine = self.plan.session if self.plan else None
            self.troubled = self.troubled or body.session in (None, mine)
        bodies = super().hear(body, **verdict)  # type: ignore[arg-type]
        if isinstance(body, Plan) and is_waiting and self.view.state is State.READY:
            self._open(body)
        return bodies

    def touch(self, touch: PatientInput) -> list[RecordedBody]:
        row, is_here = self.row, self.plan is not None and self.view.session is not None
        if isinstance(touch, Press) and touch.button == "too_heavy" and is_here:
            heavy = row or (self.plan.settings[0] if self.plan else None)
            assert heavy is not None
            if heavy.load_g > 0:  # a tenth less than nothing is no cap
                self.books[heavy.side].caps.append(Cap(load_g=heavy.load_g * 9 // 10))
        if isinstance(touch, Press) and touch.button in ("pain", "unwell"):
            self._hurt()
        if isinstance(touch, StaffPin) and touch.pin == STAFF_PIN:
            for book in self.books.values():
                book.opened = book.is_painless
        return super().touch(touch)

    def _hurt(self) -> None:
        self.is_sore = True
        for book in self.books.values():
            book.is_painless = book.opened = False

    def take(self, effects: Sequence[Effect]) -> list[RecordedBody]:
        for effect in effects:
            if isinstance(effect, Record):
                self._row(effect.message.body)
        bodies = super().take(effects)
        for effect in effects:
            if isinstance(effect, Drive):
                self._drive(effect.command.load_g)
        return bodies

    def fork(self) -> "ShadowRoom":
        """Copy the room as it is now, without what has come out of it before."""
        self.effects.clear()
        self.commands.clear()
        del self.rows[:-1]
        return copy.deepcopy(self)

    def _open(self, plan: Plan) -> None:
        self.plan, self.row, self.books = plan, None, {}
        self.troubled = bool({"no_increase", "pain_today", "spasm"}.intersection(plan.flags))
        self.given |= {row.id: row for row in plan.settings}
        for row in plan.settings:
            past = plan.history.get(row.side, History())
            known = [load_g for load_g in (past.day_start_g, self.firsts.get(row.side, 0)) if load_g]
            self.books.setdefault(row.side, Book(history=past, day_start_g=min(known, default=0)))
        if "spasm" in plan.flags:
            for book in self.books.values():
                book.spasm.append(_bad_day(book.history, spasm=True))

    def _row(self, body: RecordedBody) -> None:
        if isinstance(body, SignIn):
            self.plan, self.row, self.heard_ms = None, None, self.mono_ms
        elif isinstance(body, Rep):
            book = self.books[body.side]
            book.clean = not FLAGGED.intersection(body.quality)
            book.peaks_cdeg.append(int(body.end_deg * 100))
        elif isinstance(body, Receipt) and body.setting and body.result == "applied":
            self._judge()
        elif isinstance(body, SetEnd):
            self._tried = body if body.ended_by == "target" else None
        elif isinstance(body, Answer):
            self._answered(body)
        elif isinstance(body, Event) and body.what == "assist_locked":
            self.troubled = True

    def _answered(self, answer: Answer) -> None:
        asks_pain = answer.question in ("pain_before", "pain_set")
        is_red = asks_pain and (not str(answer.value).isdecimal() or int(answer.value) > AMBER_NRS)
        is_spasm = answer.question == "spasm" and str(answer.value) not in NO_WORDS
        for book in self.books.values() if is_red or is_spasm else ():
            self.troubled = True
            caps = book.spasm if is_spasm else book.caps
            caps.append(_bad_day(book.history, spasm=is_spasm))
        if answer.question == "pain_set":
            self._felt(str(answer.value))
        elif is_red:
            self._hurt()

    def _felt(self, value: str) -> None:
        """A trial without load to its target that felt green lets staff open what is for them."""
        if not value.isdecimal() or int(value) > GREEN_NRS:
            self._hurt()
        elif self._tried is not None and self.row is not None and self.row.mode == "mobility":
            self.books[self._tried.side].is_painless = not self.is_sore

    def _judge(self) -> None:
        """A row was put in force: would the safety page have agreed?"""
        live = self.agent._live
        assert live.running is not None
        assert live.session is not None
        assert self.plan is not None
        row = live.running.row
        planned = next(one for one in self.plan.settings if one.set == row.set)
        book = self.books[row.side]
        self.judged += 1
        self.rises += book.accepted_g is not None and row.load_g > book.accepted_g
        facts = self._facts(book, planned, self.plan, live.session.visit)
        reason = amount_reason(row, facts)
        if row.opens == "staff" and not book.opened:
            self.faults.append(f"nobody has opened {row}")
        if row.id not in self.given:
            self.faults.append(f"nobody gave {row}")
        if not oracle.is_unit_right(row):
            self.faults.append(f"UNIT: {row}")
        if reason is not None:
            self.faults.append(f"{reason}: {row} {facts}")
        if row.mode == "train" and book.day_start_g == 0:
            self.firsts[row.side] = row.load_g
        book.put(row)
        self.row = row

    def _facts(self, book: Book, planned: Setting, plan: Plan, visit: Visit) -> Facts:
        evidence = Evidence(
            link_age_ms=self.mono_ms - self.heard_ms,
            last_rep_clean=book.clean,
            untroubled=not self.troubled,
            healthy=True,
            gravity_measured=True,
            assist_locked=False,
        )
        return Facts(
            visit=visit,
            plan=plan,
            stream="",
            rows={},
            last_rep_seq=0,
            seen={},
            hold_seq=0,
            upcoming={},
            side=book.side(planned),
            evidence=evidence,
            wall_ms=0,
            mono_ms=0,
        )

    def _drive(self, load_g: int) -> None:
        """Never above the row in force, rising only in a set, and nothing a second after nothing is due."""
        state = self.agent._live.state
        if load_g > self.in_force_g and load_g >= self._last_g:  # on its way down it may still be above
            self.faults.append(f"the drive has {load_g} g in {state}, in force is {self.row}")
        if load_g > self._last_g and state is not State.WORKING:
            self.faults.append(f"the load rises in {state}")
        self._light_ms = 0 if state in HEAVY else self._light_ms + TICK_MS
        if self._light_ms > UNLOAD_MS and load_g > 0:
            self.faults.append(f"{load_g} g after {self._light_ms} ms in {state}")
        self._last_g = load_g


def _bad_day(past: History, *, spasm: bool) -> Cap:
    return Cap(
        load_g=0 if spasm else past.last_regular_g // 2, end_cdeg=past.peak_regular_cdeg * 4 // 5 or None
    )


def _what(row: Setting) -> Current:
    return Current(load_g=row.load_g, start_cdeg=row.start_cdeg, end_cdeg=row.end_cdeg)
