"""The agent: samples, messages, touches and ticks go in, effects come out; no I/O, no clock, no chance.

Rule 1: states change only by the table in `states`; what the table does not know changes nothing.
Rule 2: load and range change only between sets; a setting that comes earlier is queued, the newest wins.
Rule 3: a set's end is recorded at once, before any question; a rep is recorded at its end.
Rule 4: nobody outside can raise the load without the guard, and nobody at all can raise it inside a set.
Rule 5: buttons act before they tell. The agent never asks the service anything and works without it.
"""

from collections.abc import Callable

from contract.messages import Plan, SetEnd
from machine_agent.agent import mishaps, news, snapshot, stops, timing, touches, training
from machine_agent.agent.effects import DownMessage, Effect
from machine_agent.agent.latches import EVERYBODY, FORGOTTEN
from machine_agent.agent.live import Live
from machine_agent.agent.shelf import Shelf
from machine_agent.agent.states import Happening, State
from machine_agent.agent.station import Beginning, OpenSet, Station
from machine_agent.agent.view import View
from machine_agent.agent.watch import Trouble, Watch
from machine_agent.agent.writer import Writer
from machine_agent.clock import Now
from machine_agent.drivers import Sample
from machine_agent.inputs import PatientInput, Weighed

_BACK_TO = {  # whether the power is still cut, the hardware says; the reset is needed either way
    State.STOPPED: Happening.STOPPED,
    State.FAULT: Happening.FAULTED,
    State.ESTOP: Happening.FAULTED,
}


class Agent:
    """One machine and the person in it.

    `randomness(n)` returns n bytes for session ids and nonces; seeded in simulations. `trusts(plan)` tells
    whether the keys of a kept plan are still valid; without it they are.
    """

    def __init__(
        self,
        station: Station,
        beginning: Beginning,
        randomness: Callable[[int], bytes],
        trusts: Callable[[Plan], bool] = lambda _: True,
    ) -> None:
        self._open_set = beginning.open_set
        self._spool_renamed = beginning.spool_renamed
        self._has_forgotten = beginning.has_forgotten
        self._restarted = beginning.restarted
        self._halted = beginning.halted
        self._now = Now(body_ms=0, mono_ms=0, wall_ms=0)
        self._live = Live(
            station=station,
            writer=Writer(station, beginning.stream, beginning.next_seq),
            randomness=randomness,
            trusts=trusts,
            watch=Watch(station.kind),
            latches=list(beginning.latches),
            shelf=Shelf(beginning.plans),
            stored_seq=beginning.next_seq - 1,
        )

    @property
    def view(self) -> View:
        """A snapshot for the screen or the emulated person."""
        return snapshot.view(self._live, self._now)

    @property
    def station(self) -> Station:
        """The machine that this agent is."""
        return self._live.station

    @property
    def ignored(self) -> int:
        """How many events meant nothing in their state."""
        return self._live.ignored

    def boot(self, now: Now) -> list[Effect]:
        """Close a set that the last life left open; be ready for a person, or stand still as before."""
        self._now = now
        live = self._live
        live.heard_ms, live.ticked_ms, live.booted_ms = now.mono_ms, now.body_ms, now.body_ms
        if self._open_set is not None:
            end = _cut_short(self._open_set)
            live.effects.append(live.writer.row(end, now, None, session=self._open_set.session))
            self._open_set = None
        if self._spool_renamed:
            live.event("spool", "a damaged spool was renamed; this is a new stream", now)
        if self._has_forgotten:
            live.keep_for(EVERYBODY, FORGOTTEN, now)
            live.event("spool", "latches of today are lost: nothing rises, and nobody trains offline", now)
        if self._restarted:
            live.event("fault", f"started again: {self._restarted}", now)
        live.move(_BACK_TO[self._halted] if self._halted else Happening.BOOTED, now)
        live.say(now)
        return live.take_effects()

    def on_sample(self, sample: Sample, now: Now) -> list[Effect]:
        """Take one reading of the machine."""
        self._now = now
        live = self._live
        live.is_power_cut = sample.estop
        if sample.estop:
            stops.power_cut(live, now)
        trouble = live.watch.look(sample, live.ramp.load_g, timing.max_speed_cdeg_s(live))
        if trouble is not None:
            self._on_trouble(trouble, now)
            if trouble == "not_finite":
                return live.take_effects()
        live.sample = sample
        timing.seat(live, sample, now)
        if live.state is State.WORKING:
            training.follow(live, sample, now)
        elif live.session is not None and live.session.weigh_in is not None:
            self._weigh(sample, now)
        return live.take_effects()

    def on_message(self, message: DownMessage, now: Now) -> list[Effect]:
        """Take what the service said."""
        self._now = now
        news.handle(self._live, message, now)
        return self._live.take_effects()

    def on_input(self, touch: PatientInput, now: Now) -> list[Effect]:
        """Take what a person did at the machine."""
        self._now = self._live.touched = now
        touches.handle(self._live, touch, now)
        return self._live.take_effects()

    def on_tick(self, now: Now) -> list[Effect]:
        """Let time pass: countdowns, time-outs, ramps, heartbeat; every 20 ms of body time."""
        self._now = now
        timing.tick(self._live, now)
        return self._live.take_effects()

    def on_stall(self, now: Now, stalled_ms: int) -> list[Effect]:
        """Learn that the loop of a drive in real time has not looked for 200 ms or more."""
        self._now = now
        mishaps.stall(self._live, stalled_ms, now)
        return self._live.take_effects()

    def on_takeover(self, now: Now) -> list[Effect]:
        """Learn that another agent has taken this machine's place at the broker."""
        self._now = now
        mishaps.takeover(self._live, now)
        return self._live.take_effects()

    def on_connected(self, now: Now) -> list[Effect]:
        """Say who is here after the link has come up."""
        self._now = now
        self._live.say(now)
        return self._live.take_effects()

    def on_stored(self, seq: int, rows: int, fill_percent: int, reps: int = 0) -> None:
        """Learn that rows up to `seq` are on disk, how many wait (reps apart), and how full the spool is."""
        self._live.stored_seq = max(self._live.stored_seq, seq)
        self._live.rows_waiting = rows
        self._live.reps_waiting = reps
        self._live.fill_percent = fill_percent

    def _on_trouble(self, trouble: Trouble, now: Now) -> None:
        live = self._live
        if live.station.open_loop:
            live.note(trouble)  # a recording moves nothing: reported, not enforced
        elif live.state in (State.FAULT, State.ESTOP):
            return
        elif trouble != "overspeed":
            live.event("sensor", trouble, now)
            live.stop(Happening.FAULTED, "fault", now)
        elif live.state is State.WORKING or live.ramp.load_g > 0:
            live.note(trouble)
            live.stop(Happening.PAUSED, "tempo", now)

    def _weigh(self, sample: Sample, now: Now) -> None:
        session = self._live.session
        run = session.weigh_in if session else None
        if run is not None and run.feed(sample):
            deg, nm = run.result()
            touches.weighed(self._live, Weighed(deg=deg, nm=nm), now)


def _cut_short(left: OpenSet) -> SetEnd:
    return SetEnd(
        set=left.set,
        side=left.side,
        setting=left.setting,
        reps=left.reps,
        partial_reps=left.partial_reps,
        ended_by="power",
        duration_s=0.0,
    )
