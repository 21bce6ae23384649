"""What goes wrong in one run, drawn from its seed: how bad the links are, and which faults come when."""

from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

from openspine.simulation.broker import Weather

Kind = Literal[
    "cut_machine",
    "cut_service",
    "half_open",
    "machine_power",
    "service_crash",
    "broker_crash",
    "database_down",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
FAULTS_MOST = 7
BAD_S = 40.0  # from then on nothing goes wrong any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault: when, to whom (its place in the list of machines), and for how long."""

    at_s: float
    kind: Kind
    machine: int
    for_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """One run's surroundings."""

    weather: Weather
    faults: tuple[Fault, ...]
    machines: int
    sessions: int  # of each person
    sets: int  # of each session at most
    lanes: int  # of the service: batches that it handles at a time


def sky(seed: int) -> Sky:
    """Draw everything that a seed decides about the surroundings."""
    chance = Random(f"sky-{seed}")  # noqa: S311 - a simulation, no secret
    machines = chance.choice((1, 1, 1, 2))
    weather = Weather(
        delay_most_s=chance.choice((0.01, 0.05, 0.5, 4.0)),
        doubled=chance.choice((0.0, 0.05, 0.3)),
        swapped=chance.choice((0.0, 0.05, 0.3)),
        queue_most=chance.choice((3, 20, 1_000)),
        keeps=chance.choice((0.0, 0.5, 1.0)),
    )
    faults = tuple(
        Fault(
            at_s=round(chance.uniform(0.5, BAD_S), 3),
            kind=chance.choice(KINDS),
            machine=chance.randrange(machines),
            for_s=round(chance.choice((0.05, 0.5, 3.0, 15.0)) * chance.uniform(0.5, 1.5), 3),
        )
        for _ in range(chance.randint(1, FAULTS_MOST))
    )
    return Sky(
        weather=weather,
        faults=tuple(sorted(faults, key=lambda one: one.at_s)),
        machines=machines,
        sessions=chance.choice((1, 1, 1, 2)),
        sets=chance.choice((1, 2, 2)),
        lanes=chance.choice((1, 2)),  # drawn last: the worlds of older seeds stay as they were
    )
