"""The agent: samples, messages, touches and ticks go in, effects come out; no I/O, no clock, no chance."""

from collections.abc import Callable

from machine_agent.agent.effects import DownMessage, Effect
from machine_agent.agent.station import Beginning, Station
from machine_agent.agent.view import View
from machine_agent.clock import Now
from machine_agent.drivers import Sample
from machine_agent.inputs import PatientInput


class Agent:
    """One machine and the person in it."""

    def __init__(self, station: Station, beginning: Beginning, randomness: Callable[[int], bytes]) -> None:
        raise NotImplementedError

    @property
    def view(self) -> View:
        """A snapshot for the screen or the emulated person."""
        raise NotImplementedError

    def boot(self, now: Now) -> list[Effect]:
        """Close a set that the last life left open, and be ready for a person."""
        raise NotImplementedError

    def on_sample(self, sample: Sample, now: Now) -> list[Effect]:
        """Take one reading of the machine."""
        raise NotImplementedError

    def on_message(self, message: DownMessage, now: Now) -> list[Effect]:
        """Take what the service said."""
        raise NotImplementedError

    def on_input(self, touch: PatientInput, now: Now) -> list[Effect]:
        """Take what a person did at the machine."""
        raise NotImplementedError

    def on_tick(self, now: Now) -> list[Effect]:
        """Let time pass: countdowns, time-outs, ramps, heartbeat; every 20 ms of body time."""
        raise NotImplementedError

    def on_stored(self, seq: int, rows: int, fill_percent: int, now: Now) -> list[Effect]:
        """Learn that rows up to `seq` are on disk, how many wait, and how full the spool is."""
        raise NotImplementedError
