"""The agent's memory, and the few acts that every handler shares: record, move, note, stop."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from contract.messages import (
    Applied,
    EndedBy,
    Event,
    EventWhat,
    Plan,
    Receipt,
    RecordedBody,
    SetEnd,
    Setting,
    SignOut,
    Status,
)
from machine_agent.agent.effects import Effect, Keep, KeepHalt, Say
from machine_agent.agent.latches import DAY_MS, EVERYBODY, HOLD_MS, holds, stamped, time_latch, unstamped
from machine_agent.agent.ramp import Ramp
from machine_agent.agent.session import Session
from machine_agent.agent.sets import RunningSet
from machine_agent.agent.shelf import Shelf
from machine_agent.agent.states import STANDING_STILL, Happening, State, after
from machine_agent.agent.station import Station
from machine_agent.agent.view import Code
from machine_agent.agent.watch import Watch
from machine_agent.agent.writer import Writer
from machine_agent.clock import Now
from machine_agent.drivers import Sample
from machine_agent.gravity import Carry
from machine_agent.pins import Tries

CODES_KEPT = 8  # of the present session
AT_POWER_ON = Now(body_ms=0, mono_ms=0, wall_ms=0)
SPOOL_FULL_PERCENT = 95  # no new session above (protocol page, "Delivery")


@dataclass(slots=True, kw_only=True)
class Live:
    """Everything that changes; the handlers in this folder are its only writers."""

    station: Station
    writer: Writer
    randomness: Callable[[int], bytes]
    watch: Watch
    latches: list[tuple[str, int, str]]
    fresh_ms: dict[tuple[str, int, str], int] = field(default_factory=dict)  # of this boot: real time
    state: State = State.BOOT
    since: Now = AT_POWER_ON
    touched: Now = AT_POWER_ON
    ramp: Ramp = field(default_factory=Ramp)
    carry: Carry = field(default_factory=Carry)
    session: Session | None = None
    running: RunningSet | None = None
    sample: Sample | None = None
    effects: list[Effect] = field(default_factory=list)
    codes: deque[Code] = field(default_factory=lambda: deque(maxlen=CODES_KEPT))
    refusal: str | None = None  # why the last plan of this session was refused
    shelf: Shelf = field(default_factory=Shelf)
    trusts: Callable[[Plan], bool] = lambda _: True  # a kept plan: are its keys still valid?
    heard_ms: int = 0  # when the service was last heard (real monotonic ms)
    hears: Literal["ok", "degraded", "lost"] = "ok"  # what the screen was last told of it
    booted_ms: int = 0  # body time of the boot
    ticked_ms: int = 0  # body time of the last tick
    status_ms: int = 0  # real time of the last status and frame
    frame_ms: int = 0
    said: tuple[State, str | None, str | None] | None = None  # the headline of the last status
    stored_seq: int = 0
    rows_waiting: int = 0
    reps_waiting: int = 0
    fill_percent: int = 0
    takeovers_ms: list[int] = field(default_factory=list)  # real time
    kept_load: bool = False  # a load that stayed after a stop was told
    is_power_cut: bool = False  # the hardware says so, as long as its mushroom is pressed
    doubtful: bool = False  # sensors are not to be trusted for an increase
    moved_ms: int | None = None  # when the hold-to-run button was last felt (body time)
    ignored: int = 0  # events that meant nothing in their state
    tries: Tries = field(default_factory=Tries)
    staff_tries: Tries = field(default_factory=Tries)

    @property
    def rows_open(self) -> int:
        """How many rows the service has not committed, those on their way to the disk included."""
        return self.rows_waiting + max(self.writer.next_seq - 1 - self.stored_seq, 0)

    @property
    def headline(self) -> tuple[State, str | None, str | None]:
        """What a status is about: state, session and setting in force."""
        return self.state, self.writer.session, self.running.row.id if self.running else None

    @property
    def is_unloaded(self) -> bool:
        """Tell whether the drive itself measures that nothing is left (a recording has no drive)."""
        if self.station.open_loop or self.sample is None:
            return self.ramp.load_g == 0
        return self.ramp.load_g == 0 and self.watch.is_nothing(self.sample)

    def take_effects(self) -> list[Effect]:
        """Hand over what has gathered."""
        effects, self.effects = self.effects, []
        return effects

    def move(self, happening: Happening, now: Now) -> bool:
        """Change the state by the table; False when the event means nothing here."""
        wanted = after(self.state, happening)
        if wanted is None:
            self.ignored += 1
            return False
        if wanted in STANDING_STILL or self.state in STANDING_STILL:
            self.effects.append(KeepHalt(state=wanted if wanted in STANDING_STILL else None))
        self.state, self.since = wanted, now
        return True

    def note(self, code: Code) -> None:
        """Show a message code on the screen."""
        self.codes.append(code)

    def record(self, body: RecordedBody, now: Now) -> int:
        """Write a row; returns its seq."""
        session = self.writer.session
        running = self.running.as_open(session) if self.running and session else None
        row = self.writer.row(body, now, running)
        self.effects.append(row)
        return row.message.head.seq

    def event(self, what: EventWhat, detail: str, now: Now) -> None:
        """Record something that staff must see."""
        self.record(Event(what=what, detail=detail[:200]), now)
        self.note(what)

    def receipt(self, receipt: Receipt, now: Now) -> None:
        """Record the fate of a setting or hold, and remember it for a repeated command."""
        if self.session is not None:
            self.session.receipts[receipt.setting or receipt.hold or ""] = receipt
        self.record(receipt, now)

    def expire(self, waiting: Setting, reason: str, now: Now) -> None:
        """Tell that an accepted setting will not be put on the drive."""
        self._decline(waiting, "expired", reason, now)

    def refuse(self, setting: Setting, reason: str, now: Now) -> None:
        """Tell that a setting is not accepted, or no longer safe."""
        self._decline(setting, "refused", reason, now)

    def _decline(
        self, setting: Setting, result: Literal["expired", "refused"], reason: str, now: Now
    ) -> None:
        declined = Receipt(
            result=result,
            applied=self.applied(),
            setting=setting.id,
            reason=reason,
            virtual=self.station.open_loop,
        )
        self.receipt(declined, now)

    def empty_queue(self, reason: str, now: Now) -> None:
        """Let no setting wait any longer; each gets its receipt."""
        for one in self.session.take_queue() if self.session else ():
            self.expire(one.setting, reason, now)

    def applied(self) -> Applied:
        """Say what the drive has now; without a set it is on its way to nothing."""
        row = self.running.row if self.running else None
        if row is None:
            return Applied(load_g=self.ramp.load_g, start_cdeg=0, end_cdeg=0)
        return Applied(load_g=row.load_g, start_cdeg=row.start_cdeg, end_cdeg=row.end_cdeg)

    def keep(self, latch: str, now: Now) -> None:
        """Remember a latch for this person, for as long as latches hold."""
        if self.session is not None:
            self.keep_for(self.session.visit.subject, latch, now)

    def keep_for(self, subject: str, latch: str, now: Now) -> None:
        """Remember a latch for a person who need not be here, or for everybody."""
        entry = (subject, now.wall_ms // DAY_MS, stamped(latch, now.wall_ms))
        self.latches = [one for one in self.latches if self._holds(one, now)]
        self.latches.append(entry)
        self.fresh_ms = {one: self.fresh_ms[one] for one in self.latches if one in self.fresh_ms}
        self.fresh_ms[entry] = now.mono_ms
        self.effects.append(Keep(subject=entry[0], day=entry[1], latch=entry[2]))

    def latches_of(self, session: Session, now: Now) -> list[str]:
        """Return what the last hours have left behind for the person of a session."""
        mine = [one for one in self.latches if one[0] in (session.visit.subject, EVERYBODY)]
        return [unstamped(one[2]) for one in mine if self._holds(one, now)]

    def _holds(self, latch: tuple[str, int, str], now: Now) -> bool:
        """Tell whether a latch still holds; a wall clock that jumps ends none that this boot has seen."""
        is_fresh = latch in self.fresh_ms and now.mono_ms - self.fresh_ms[latch] < HOLD_MS
        return holds(latch[1], latch[2], now.wall_ms) or (is_fresh and self.station.clock == "wall")

    def end_set(self, ended_by: EndedBy, now: Now) -> SetEnd | None:
        """Close the running set at once, before any question is asked."""
        running, session = self.running, self.session
        if running is None or session is None:
            return None
        if (result := running.range_result()) is not None:
            self.record(result, now)
            if ended_by == "target":
                session.note_trial(running.row, result.angle_cdeg)
        self.running = None
        end = running.end(ended_by, now.body_ms)
        self.record(end, now)
        session.index += 1
        session.settled = None
        session.ended_ms = now.body_ms
        self.keep(time_latch(session.trained_ms(now.body_ms), session.visit.session), now)
        session.rest_hold_g = 0
        session.rest_until_ms = now.body_ms + (running.row.rest_ms if session.planned else 0)
        session.ask_after_set(running.row)
        if session.planned and session.is_full(session.planned.side, now.body_ms):
            self.note("session_over")
        return end

    def stop(self, happening: Happening, ended_by: EndedBy, now: Now) -> None:
        """Unload straight to zero and leave the state; the set, if one runs, is closed.

        Whatever moves the unloaded arm ends too. Only a pause can be followed by another set: after anything
        worse no setting waits any longer.
        """
        self.ramp.stop()
        self.moved_ms = None
        if self.session is not None:
            self.session.weigh_in = None
        self.end_set(ended_by, now)
        self.move(happening, now)
        if happening is not Happening.PAUSED:
            self.empty_queue("STATE", now)

    def leave(self, happening: Happening, now: Now, code: Code | None = None) -> None:
        """Sign out and forget the person; `code` is all that the screen still says about it."""
        if not self.move(happening, now):
            return
        self.ramp.stop()
        self.codes.clear()
        if code is not None:
            self.note(code)
        if self.session is not None:
            self.empty_queue("SESSION_CLOSED", now)
            self.record(SignOut(), now)
            self.keep_plan()
        self.session = None
        self.refusal = None
        self.writer.open_session(None)

    def keep_plan(self) -> None:
        """Keep this person's plan, and what was lifted last, for a day without the service."""
        kept = self.shelf.keep(self.session) if self.session else None
        if kept is not None:
            self.effects.append(kept)

    def say(self, now: Now, *, online: bool = True) -> None:
        """Publish the status."""
        self.status_ms, self.said = now.mono_ms, self.headline
        state, session, setting = self.said
        status = Status(
            online=online,
            wall_ms=now.wall_ms,
            mono_ms=now.mono_ms,
            boot=self.station.boot,
            state=state.value,
            session=session,
            setting=setting,
            spool_rows=self.rows_open,
            firmware=self.station.firmware,
            clock=self.station.clock,
        )
        self.effects.append(Say(status=status))
