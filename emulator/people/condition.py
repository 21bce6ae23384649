"""How a person changes over weeks: familiarity, strength, range, pain; and what one day is like."""

from dataclasses import dataclass, field, replace

import numpy as np

from contract.machines import CDEG, MachineKind
from emulator.people.person import Person
from emulator.physiology import pain
from emulator.physiology.parameters import number, numbers

EASY_RIR = 20.0  # reps in reserve from which a session leaves the least soreness; design
OFF_DAY_DAYS = 400  # days apart that keep the draws of different days apart; any number above a year


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What training one kind has brought: sessions, strength (log), range (deg), the last load (kg)."""

    sessions: int = 0
    gain_log: float = 0.0
    range_deg: float = 0.0
    last_load_kg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A person's state between visits; `day` counts from the first visit, `pain_nrs` is the lasting pain."""

    day: float = 0.0
    pain_nrs: float
    flare_until_day: float = -1.0
    bump_nrs: float = 0.0
    last_session_day: float | None = None
    trained: dict[str, Trained] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What one session on one machine was: the least true reserve, load, pain and reach asked."""

    kind: str
    rir: float
    load_kg: float
    beyond_share: float
    pain_nrs: float


def fresh(person: Person) -> Condition:
    """Begin the story of a person."""
    return Condition(pain_nrs=person.pain_nrs)


def _digits(kind: str) -> int:
    """Make a seed of a word."""
    return int.from_bytes(kind.encode()[:7], "big")


def readiness_log(person: Person, day: float, kind: str) -> float:
    """Today's factor of strength as a logarithm: a shared and a machine's own part."""
    shared = np.random.default_rng([person.seed, int(day)]).normal(0, number("day.shared_log_sd"))
    drawn = np.random.default_rng([person.seed, int(day) + OFF_DAY_DAYS, _digits(kind)])
    return float(shared + drawn.normal(0, number("day.kind_log_sd")))


def strength_log(condition: Condition, kind: str) -> float:
    """How much stronger than at first: familiarity with the machine and what training brought."""
    done = condition.trained.get(kind, Trained())
    if done.sessions == 0:
        return 0.0
    sessions = number("progress.familiar_sessions")
    later = min(done.sessions - 1, sessions) / sessions
    return number("progress.familiar_after_first") + number("progress.familiar_later") * later + done.gain_log


def nrs_on(person: Person, condition: Condition) -> float:
    """Today's true pain before training (0-10)."""
    today = np.random.default_rng([person.seed, int(condition.day), 3]).normal(0, number("pain.day_sd"))
    flare = number("pain.flare_rise_nrs") if condition.day < condition.flare_until_day else 0.0
    return float(np.clip(condition.pain_nrs + condition.bump_nrs + flare + today * person.back_pain, 0, 10))


def has_spasm(person: Person, day: float) -> bool:
    """Tell whether this day falls into the person's spasm."""
    return person.spasm_day is not None and 0 <= day - person.spasm_day < person.spasm_days


def tolerated_cdeg(person: Person, condition: Condition, kind: MachineKind) -> tuple[int, int]:
    """Lowest and highest travel (hundredths of a degree) tolerated now; range gained opens the end first."""
    low, high = person.painless_cdeg(kind)
    gained = round(condition.trained.get(kind.name, Trained()).range_deg * CDEG)
    return max(low - gained // 3, kind.limit_cdeg[0]), min(high + gained, kind.limit_cdeg[1])


def later(person: Person, condition: Condition, day: float) -> Condition:
    """Let days pass: pain declines, the session's bump fades, strength is lost after ten idle days."""
    days = max(0.0, day - condition.day)
    trains = condition.last_session_day is not None and condition.day - condition.last_session_day < 7
    decline = np.exp(-pain.decline_per_day(trains=trains) * days)
    fade = np.exp(-24 * days / number("pain.bump_decay_h"))
    lost = _lost_log(person, condition, day)
    return replace(
        condition,
        day=day,
        pain_nrs=float(condition.pain_nrs * decline),
        bump_nrs=float(condition.bump_nrs * fade),
        trained={
            kind: replace(done, gain_log=_kept_log(person, done, lost))
            for kind, done in condition.trained.items()
        },
    )


def after(person: Person, condition: Condition, session: Session) -> Condition:
    """Take in one finished session on one machine."""
    done = condition.trained.get(session.kind, Trained())
    stimulus = np.interp(session.rir, numbers("progress.stimulus_rir"), numbers("progress.stimulus"))
    share = _share_of_gain(done.sessions)
    grown = Trained(
        sessions=done.sessions + 1,
        gain_log=done.gain_log + person.gain_log * share * float(stimulus) * (session.load_kg > 0),
        range_deg=done.range_deg + person.range_gain_deg * share * (session.pain_nrs < 5),
        last_load_kg=session.load_kg,
    )
    flare = _flares(person, condition, session, done)
    return replace(
        condition,
        bump_nrs=max(condition.bump_nrs, _bump_nrs(person, session)),
        flare_until_day=condition.day + number("pain.flare_days") if flare else condition.flare_until_day,
        last_session_day=condition.day,
        trained=condition.trained | {session.kind: grown},
    )


def attends(person: Person, day: float) -> bool:
    """Tell whether a booked visit is kept: chance, a spasm does not keep people away, a holiday does."""
    if person.away_day is not None and 0 <= day - person.away_day < person.away_days:
        return False
    draw = np.random.default_rng([person.seed, int(day), 5]).random()
    return day == 0 or bool(draw < number("progress.attendance"))


def _bump_nrs(person: Person, session: Session) -> float:
    """Soreness of a session: all of the person's own near failure, a fifth of it with much in reserve."""
    hardness = float(np.clip(1 - session.rir / EASY_RIR, 0.2, 1))
    return person.bump_nrs * person.back_pain * hardness


def _share_of_gain(sessions: int) -> float:
    early, visits = number("progress.gain_early_visits"), int(number("progress.gain_visits"))
    whole = sum(1 / (early + visit) for visit in range(visits))
    return 1 / (early + sessions) / whole


def _lost_log(person: Person, condition: Condition, day: float) -> float:
    if condition.last_session_day is None:
        return 0.0
    free = condition.last_session_day + number("progress.detraining_free_days")
    weeks = max(0.0, day - max(free, condition.day)) / 7
    return weeks * numbers("progress.detraining_week")[1 if person.age_years >= 60 else 0]


def _kept_log(person: Person, done: Trained, lost: float) -> float:
    least = number("progress.detraining_kept") * min(done.gain_log, person.gain_log)
    return max(done.gain_log - lost, least)


def _flares(person: Person, condition: Condition, session: Session, done: Trained) -> bool:
    step = np.log(session.load_kg / done.last_load_kg) if session.load_kg > 0 < done.last_load_kg else 0.0
    chance = pain.flare_chance(
        np.asarray(session.rir < 1, dtype=np.float64),
        np.asarray(step),
        np.asarray(session.pain_nrs),
        np.asarray(session.beyond_share),
        np.asarray(person.sensitivity * person.back_pain),
    )
    draw = np.random.default_rng([person.seed, int(condition.day), 7, _digits(session.kind)]).random()
    return bool(draw < chance)
