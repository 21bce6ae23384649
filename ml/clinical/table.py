"""The clinical rules as data: phases, traffic light and the decision table (design page 8).

A row caps the next dose; several rows may match, and the smallest of the caps wins and leaves its code.
Numbers are proposals for a clinician to sign.
"""

from dataclasses import dataclass
from typing import Final, Literal

from contract.messages import Phase
from ml.request import Raised

Light = Literal["green", "amber", "red", "unknown"]
Reference = Literal["current", "last_visit"]
Tempo = tuple[int, int, int]

VERSION: Final = 1
NORMAL_TEMPO: Final[Tempo] = (2000, 0, 3000)  # 2-0-3
SLOW_TEMPO: Final[Tempo] = (3000, 0, 4000)  # 3-0-4: first session, poor technique, careful
HELD_TEMPO: Final[Tempo] = (3000, 2000, 3000)  # 3-2-3: hypermobile
FIRST_REPS = 10  # 1 x 10, 3-0-4, effort <= 3
FIRST_REST_S = 90
REST_MOST_S = 180  # a rest never grows beyond three minutes: the visit fits 25-40 minutes
EFFORT_EASY, EFFORT_HARD = 2.0, 8.0  # CR10: too easy (twice), too hard
EFFORT_MARGIN = 1.0  # CR10: in the zone within +-1 of the phase's target
RANGE_GOOD, RANGE_LOST = 0.90, 0.85  # of the prescribed span: a good set; lost beyond 15 %
FLAGGED_MOST = 3  # flagged reps from which technique is poor
REPS_STEP = 2  # reps that a time step adds
BASELINE_SIGN = 5  # B above it: a therapist signs before anything rises
BASELINE_RISE = 2  # B up by so much in four weeks: same
BASELINE_WINDOW_DAYS = 28
CAREFUL_YEARS, OLDER_YEARS = 75, 65
OLDER_EFFORT_LESS = 1.0  # CR10; one less from 65 years or at risk
CAREFUL_EFFORT_MOST = 5.0  # CR10; from 75 years or with osteoporosis risk
FIRST_EFFORT_MOST, PRESSURE_EFFORT_MOST = 3.0, 4.0  # CR10; first session in rehab; from 160/100 mmHg
HYPERMOBILE_RANGE_PERCENT = 75
PLATEAU_VISITS = 6
RUNGS_PERCENT = (50, 70, 85, 100)  # ladder back from spasm or absence, one rung a visit


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRule:
    """Load cap (share of signed capacity), effort target (CR10), reps, rest and time mode of a phase."""

    load_share: float
    effort: float
    reps: tuple[int, int]
    rest_s: int
    timed: bool = False


PHASES: Final[dict[Phase, PhaseRule]] = {
    "calm": PhaseRule(load_share=0.15, effort=2.0, reps=(8, 10), rest_s=90),
    "restore": PhaseRule(load_share=0.30, effort=3.0, reps=(10, 14), rest_s=75),
    "build": PhaseRule(load_share=0.45, effort=4.5, reps=(14, 20), rest_s=60, timed=True),
    "strengthen": PhaseRule(load_share=0.80, effort=6.5, reps=(8, 15), rest_s=90),
    "maintain": PhaseRule(load_share=0.80, effort=6.0, reps=(8, 15), rest_s=90),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one situation does to the next dose.

    `percent` caps the load relative to `reference`; `range_percent` and `range_steps` narrow the amplitude;
    `reps_percent` and `reps_less` shorten the work; `to_calm` caps the load as the phase calm does; `rises`
    lists what may still rise.
    """

    percent: int = 100
    reference: Reference = "current"
    range_percent: int = 100
    range_steps: int = 0
    as_reached: bool = False
    reps_percent: int = 100
    reps_less: int = 0
    rest_more_s: int = 0
    rest_least_s: int = 0
    tempo_ms: Tempo | None = None
    to_calm: bool = False
    rises: tuple[Raised, ...] = ()
    alert: str | None = None

    @property
    def lowers(self) -> bool:
        """Tell whether the row takes anything away."""
        shorter = self.reps_percent < 100 or self.reps_less > 0
        return (
            self.percent < 100
            or self.to_calm
            or self.range_percent < 100
            or self.range_steps < 0
            or self.as_reached
            or shorter
        )


ALL: Final[tuple[Raised, ...]] = ("range", "time", "load")
TABLE: Final[dict[str, Row]] = {
    # nothing today
    "symptoms": Row(percent=0, alert="red"),
    "spasm": Row(percent=0, alert="red"),
    "spasm_twice": Row(percent=0, alert="review"),
    "spasm_near": Row(percent=0),
    "red_pain": Row(percent=0, alert="red"),
    "unwell": Row(percent=0, alert="red"),
    "pressure_stop": Row(percent=0, alert="red"),
    "not_cleared": Row(percent=0, alert="clear_first"),
    "kind_excluded": Row(percent=0, alert="clear_first"),
    # less today
    "pain_button": Row(percent=80, range_percent=90, alert="red"),
    "pain_today": Row(percent=80, reference="last_visit", range_percent=90),
    "too_heavy": Row(percent=90),
    "too_hard_again": Row(percent=85, reps_less=2, rest_more_s=30),
    "too_hard_second_visit": Row(percent=85, reps_less=2, rest_more_s=30, alert="amber"),
    "too_hard": Row(percent=90, reps_less=2, rest_more_s=30),
    "amber_twice": Row(percent=90, alert="amber"),
    "range_lost_twice": Row(percent=90, as_reached=True, rest_more_s=30, alert="amber"),
    "range_lost": Row(percent=90, as_reached=True, rest_more_s=30),
    "technique_again": Row(percent=90, range_steps=-1, tempo_ms=SLOW_TEMPO, alert="amber"),
    # from before today
    "calm_again": Row(to_calm=True, alert="amber"),
    "red_last_visit": Row(
        percent=80, reference="last_visit", range_percent=90, reps_percent=67, rest_least_s=90
    ),
    "morning_long_twice": Row(
        percent=85, reference="last_visit", range_steps=-1, reps_percent=80, rest_more_s=30, alert="red"
    ),
    "morning_long": Row(
        percent=85, reference="last_visit", range_steps=-1, reps_percent=80, rest_more_s=30, alert="amber"
    ),
    "away_57": Row(
        percent=50,
        reference="last_visit",
        range_percent=70,
        reps_percent=80,
        rest_more_s=30,
        alert="screen_again",
    ),
    "away_29": Row(
        percent=70, reference="last_visit", range_percent=80, reps_percent=80, rest_more_s=30, alert="away"
    ),
    "away_15": Row(
        percent=85, reference="last_visit", range_percent=90, reps_percent=80, rest_more_s=30, alert="away"
    ),
    "plateau": Row(
        percent=80, reference="last_visit", rest_more_s=30, rises=("range", "time"), alert="amber"
    ),
    # as it is
    "first_session": Row(alert="hands_on"),
    "careful_first": Row(alert="clear_first"),
    "after_spasm": Row(),
    "morning_worse_twice": Row(rest_more_s=30, alert="red"),
    "morning_worse": Row(rest_more_s=30, alert="amber"),
    "morning_unanswered": Row(),
    "technique": Row(tempo_ms=SLOW_TEMPO),
    "amber_pain": Row(),
    "baseline_high": Row(alert="countersign"),
    "gravity_missing": Row(alert="weigh"),
    "abstained": Row(),
    "no_increase": Row(),
    "returning": Row(),
    "set_not_done": Row(),
    "effort_above": Row(),
    "range_short": Row(),
    "pain_unanswered": Row(),
    "no_set_yet": Row(),
    "flagged_rep": Row(),
    "weekly_only": Row(),
    # says who it is, and takes nothing
    "pressure_high": Row(rises=ALL, alert="blood_pressure"),
    "pressure_unknown": Row(rises=ALL, alert="blood_pressure"),
    "hypermobile": Row(rises=("time", "load"), alert="note"),
    "starting_gently": Row(rises=("range", "time")),
    "weak_side": Row(rises=ALL, alert="weak_side"),
    "weak_side_load": Row(rises=("load",), alert="weak_side"),  # a set more does not fit: +5 % (page 8)
    "weak_side_sore": Row(rises=ALL),
    # may rise
    "settled_pain": Row(rises=ALL, alert="countersign"),
    "settled_signed": Row(rises=ALL),
    "too_easy_third": Row(rises=("load",), alert="too_easy"),
    "too_easy": Row(rises=("load",)),
    "effort_below": Row(rises=("time", "load", "range")),  # not on target yet: not "all good"
    "all_good": Row(rises=ALL),
}


# Rows that leave the dose as it is: with them nobody climbs back either, the last visit's dose stands.
NO_CLIMB: Final = frozenset(
    ("amber_pain", "morning_worse", "morning_worse_twice", "morning_unanswered", "baseline_high", "abstained",
     "gravity_missing")
)  # fmt: skip


def green_until(baseline_nrs: int) -> int:
    """Return the highest pain that is green: max(3, B)."""
    return max(3, baseline_nrs)


def amber_until(baseline_nrs: int) -> int:
    """Return the highest pain that is amber: max(5, B + 1)."""
    return max(5, baseline_nrs + 1)


def light(pain_nrs: int | None, baseline_nrs: int, green_nrs: int, amber_nrs: int) -> Light:
    """Judge pain against the person's baseline, inside the signed limits (limits nest and only narrow)."""
    if pain_nrs is None:
        return "unknown"
    if pain_nrs <= min(green_until(baseline_nrs), green_nrs):
        return "green"
    return "amber" if pain_nrs <= min(amber_until(baseline_nrs), amber_nrs) else "red"


def is_settled(morning_nrs: int, baseline_nrs: int) -> bool:
    """Tell whether the morning after was no worse than B + 1."""
    return morning_nrs <= baseline_nrs + 1


def phase_cap_g(phase: Phase, signed_capacity_g: int) -> int:
    """Return the load cap of a phase (g) from the signed capacity."""
    return int(PHASES[phase].load_share * signed_capacity_g)
