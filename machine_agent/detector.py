"""Samples -> phases -> reps, one sample at a time: causal, and blind to how samples arrive in bunches.

A rep leaves its start at > 5 deg/s, reaches at least half of the prescribed span (under 80 %: `partial`),
and is counted at its end, never at its beginning: back within 3 deg of its start, or turned after 60 % of the
way back.
Speed is derived from the position here, for every driver: a motor's own figure is not the joint's.
"""

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from contract.messages import RepPhase
from machine_agent.sample import Sample

MOVE_DEG_S = 5.0  # movement starts above this speed ... (design: safety, "Detector"; so all below)
MOVE_MS = 100  # ... held this long
TURN_DEG_S = 2.0  # slower than this is a turn
TURN_MS = 200  # a turn on the way back that lasts this long ends the rep where the arm stands
LEAST_DEG = 5.0  # a rep moves at least so far
PARTIAL_SHARE = 0.5  # of the prescribed span: a shorter movement is ignored
FULL_SHARE = 0.8  # of the prescribed span: a shorter rep is partial
HOME_DEG = 3.0  # back at the start
RETURN_SHARE = 0.6  # of the way back, after which a turn ends the rep
CREEP_MS = 1_000  # creeping this long before half of the span was positioning: the rep starts after it
LOADED_SHARE = 0.2  # under this share of the setting's load a movement is positioning
SPEED_FILTER_MS = 32.0  # one pole at 5 Hz: 1000 / (2 pi 5)
LEAD_MS = 600  # what is kept before a movement, to find where it really began
LONGEST = 3_000  # samples of one movement (a minute at 50 Hz); a longer one is no rep


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A sample with the derived speed (deg/s, positive outwards)."""

    sample: Sample
    speed_deg_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One detected rep: its moments from start to end, and whether it fell short of 80 % of the span."""

    moments: tuple[Moment, ...]
    partial: bool


class Detector:
    """Finds the reps of one set; make a new one for each set.

    `span_deg` is the prescribed travel. Movements that start under 20 % of `load_g` are positioning;
    0 switches that test off (unloaded sets, recordings).
    """

    def __init__(self, span_deg: float, load_g: int = 0) -> None:
        self._span_deg = max(span_deg, LEAST_DEG)
        self._least_load_g = load_g * LOADED_SHARE
        self._last: Moment | None = None
        self._lead: deque[Moment] = deque()
        self._fast_ms = 0.0
        self._slow_ms = 0.0
        self._still_ms = 0.0
        self._moving: list[Moment] = []
        self._anchor: int | None = None  # where in `_moving` the rep began after a creep
        self._peak_deg = -math.inf
        self._home_deg: float | None = None
        self._home_ms = 0.0
        self._positioning = False
        self.phase: RepPhase = "idle"

    @property
    def at_start_ms(self) -> float:
        """How long the arm has been resting at the start of the last rep (ms of body time)."""
        return self._home_ms

    @property
    def moving_ms(self) -> int:
        """How long the present movement lasts (ms of body time); 0 while nothing moves."""
        moments = self._moving
        return moments[-1].sample.body_ms - moments[0].sample.body_ms if moments else 0

    def feed(self, sample: Sample) -> Movement | None:
        """Take one sample; return the rep that ends with it."""
        moment = self._moment(sample)
        if moment is None:
            return None
        step_ms = sample.body_ms - self._last.sample.body_ms if self._last else 0
        self._last = moment
        self._fast_ms = self._fast_ms + step_ms if moment.speed_deg_s > MOVE_DEG_S else 0.0
        self._slow_ms = self._slow_ms + step_ms if moment.speed_deg_s <= MOVE_DEG_S else 0.0
        self._still_ms = self._still_ms + step_ms if abs(moment.speed_deg_s) < TURN_DEG_S else 0.0
        if not self._moving:
            self._rest(moment, step_ms)
            return None
        return self._follow(moment)

    def _moment(self, sample: Sample) -> Moment | None:
        """Derive the speed; a sample that is not finite or not newer is skipped."""
        if not math.isfinite(sample.deg) or not math.isfinite(sample.torque_nm):
            return None
        if self._last is None:
            return Moment(sample=sample, speed_deg_s=0.0)
        step_ms = sample.body_ms - self._last.sample.body_ms
        if step_ms <= 0:
            return None
        raw_deg_s = (sample.deg - self._last.sample.deg) * 1_000 / step_ms
        share = step_ms / (SPEED_FILTER_MS + step_ms)
        speed = self._last.speed_deg_s + share * (raw_deg_s - self._last.speed_deg_s)
        return Moment(sample=sample, speed_deg_s=speed)

    def _rest(self, moment: Moment, step_ms: int) -> None:
        is_home = self._home_deg is not None and abs(moment.sample.deg - self._home_deg) <= HOME_DEG
        self._home_ms = self._home_ms + step_ms if is_home and self._still_ms else 0.0
        lead = self._lead
        lead.append(moment)
        while moment.sample.body_ms - lead[0].sample.body_ms > LEAD_MS:
            lead.popleft()
        if self._fast_ms < MOVE_MS:
            self._positioning = False
            return
        self._positioning = self._positioning or moment.sample.load_g < self._least_load_g
        if self._positioning:
            return
        moments = list(lead)
        start = max((i for i, one in enumerate(moments) if one.speed_deg_s < TURN_DEG_S), default=0)
        self._moving = moments[start:]
        self._peak_deg = moment.sample.deg
        self._anchor = None
        self._home_ms = 0.0
        self.phase = "concentric"
        lead.clear()

    def _follow(self, moment: Moment) -> Movement | None:
        deg = moment.sample.deg
        self._moving.append(moment)
        self._peak_deg = max(self._peak_deg, deg)
        self._name_phase(moment)
        self._note_creep(moment)
        start = self._start_index(deg)
        start_deg = self._moving[start].sample.deg
        excursion_deg = self._peak_deg - start_deg
        returned_deg = self._peak_deg - deg
        is_back = deg - start_deg <= HOME_DEG and returned_deg > HOME_DEG
        is_turned = self._still_ms >= TURN_MS or moment.speed_deg_s > TURN_DEG_S
        if is_back and (self._still_ms > 0 or moment.speed_deg_s > -TURN_DEG_S or deg <= start_deg):
            return self._finish(start, excursion_deg)
        if is_turned and returned_deg >= RETURN_SHARE * excursion_deg and returned_deg >= HOME_DEG:
            return self._finish(start, excursion_deg)
        is_lost = len(self._moving) > LONGEST
        if is_lost or (self._still_ms >= CREEP_MS and excursion_deg < LEAST_DEG):
            self._forget()
        return None

    def _name_phase(self, moment: Moment) -> None:
        if moment.speed_deg_s >= TURN_DEG_S:
            self.phase = "concentric"
        elif moment.speed_deg_s <= -TURN_DEG_S:
            self.phase = "eccentric"
        else:
            self.phase = "hold" if self.phase == "concentric" else self.phase

    def _note_creep(self, moment: Moment) -> None:
        """Remember where a creep before half of the span ended: the rep may begin there."""
        gone_deg = self._peak_deg - self._moving[0].sample.deg
        is_outwards = moment.sample.deg >= self._peak_deg - HOME_DEG
        if self._slow_ms >= CREEP_MS and is_outwards and gone_deg < PARTIAL_SHARE * self._span_deg:
            self._anchor = len(self._moving) - 1

    def _start_index(self, deg: float) -> int:
        """Choose the start that the arm returns to: the first one, or the one after a creep."""
        if self._anchor is None:
            return 0
        first_deg = self._moving[0].sample.deg
        anchor_deg = self._moving[self._anchor].sample.deg
        return self._anchor if deg > (first_deg + anchor_deg) / 2 else 0

    def _finish(self, start: int, excursion_deg: float) -> Movement | None:
        moments = tuple(self._moving[start:])
        self._forget()
        if excursion_deg < max(LEAST_DEG, PARTIAL_SHARE * self._span_deg):
            return None
        self._home_deg = moments[-1].sample.deg
        return Movement(moments=moments, partial=excursion_deg < FULL_SHARE * self._span_deg)

    def _forget(self) -> None:
        self._lead.extend(self._moving[-2:])
        self._moving = []
        self._anchor = None
        self._peak_deg = -math.inf
        self.phase = "turn"


def find_reps(samples: Iterable[Sample], span_deg: float, load_g: int = 0) -> list[Movement]:
    """Find every rep of a list of samples, with the same detector that runs live."""
    detector = Detector(span_deg, load_g)
    return [rep for rep in map(detector.feed, samples) if rep is not None]


def own_span_deg(samples: Sequence[Sample]) -> float:
    """Work out the span of a free recording: the median of its own full excursions (0 without any)."""
    excursions = _excursions_deg([sample.deg for sample in samples if math.isfinite(sample.deg)])
    full = [one for one in excursions if one >= PARTIAL_SHARE * max(excursions)]
    return median(full) if full else 0.0


def _excursions_deg(angles: Sequence[float]) -> list[float]:
    """List the outward travels between turning points; a swing back under 5 deg turns nothing."""
    found: list[float] = []
    low_deg, high_deg = math.inf, -math.inf  # since the last turn inwards: where it began, how far it came
    for deg in angles:
        if deg <= low_deg and high_deg - low_deg < LEAST_DEG:
            low_deg = high_deg = deg
        high_deg = max(high_deg, deg)
        if high_deg - low_deg >= LEAST_DEG and high_deg - deg >= LEAST_DEG:
            found.append(high_deg - low_deg)
            low_deg = high_deg = deg
    return found
