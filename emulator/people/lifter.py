"""A virtual person at sample level: moves under a load, tires, drifts, trembles, hurts, and fails; pure.

Same physiology as `rep_level`; here fatigue is stepped and the arm has an angle at every moment.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from emulator.people.answers import AfterSet
from emulator.people.bodies import Bodies, Seated, bodies
from emulator.people.effort import effort, one_dose
from emulator.people.repetition import Repetition, planned
from emulator.people.said import RIR_WORDS, said_rir
from emulator.physiology import gravity, pain, strength, tempo, torque_curve
from emulator.physiology.fatigue import Compartments
from emulator.physiology.parameters import number

Doing = Literal["still", "approach", "ready", "lift", "hold", "lower", "turn", "push", "slip"]
APPROACH_DEG_S = 12.0  # deg/s of a positioning movement; design
REACTION_S = 0.8  # s from "go" to the first movement; design
PUSH_S = 1.0  # s from the first push to the most that somebody can; design


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the screen asks: load, range, reps or work time, tempo."""

    load_kg: float
    start_deg: float
    end_deg: float
    reps: int
    tempo_s: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """The arm and the person at one moment (deg, deg/s, Nm of muscle, Nm of resting weight on the lever)."""

    deg: float
    deg_s: float
    muscle_nm: float
    weight_nm: float


class Lifter:
    """One person on one side of one machine; every random draw comes from `seed`."""

    def __init__(self, seated: Seated, seed: int, deg: float = 0.0) -> None:
        self.seated = seated
        self._body: Bodies = bodies([seated])
        self._chance = np.random.default_rng([seated.person.seed, seed])
        self._muscle = Compartments(fatigue_per_s=seated.person.fatigue_per_s, fatigued=seated.fatigued)
        self._curve = torque_curve.points(seated.kind, back_pain=seated.person.back_pain)
        self._bounds = torque_curve.bounds_deg(seated.kind)
        self._strongest_nm = float(self._body.torque_nm[0])
        self._task: Task | None = None
        self._rep: Repetition
        self._doing: Doing = "still"
        self._since_s = 0.0
        self._share = 0.0
        self._low_deg = self._top_deg = deg
        self._stalled_s = self._fall_deg_s = 0.0
        self.deg = deg
        self.reps = 0
        self.gave_up = False
        self.late_s: float | None = None  # how far the corridor is ahead, for somebody who looks at it

    def approach(self, deg: float) -> None:
        """Go to an angle without load."""
        self._low_deg = deg
        self._begin("approach")

    def lift(self, task: Task) -> None:
        """Begin a set from where the arm is."""
        self._task, self.reps, self.gave_up = task, 0, False
        self._asked = effort(
            self._tired(), one_dose(task.load_kg, task.start_deg, task.end_deg, task.reps, task.tempo_s)
        )
        self._low_deg = self.deg
        hurt = pain.during(
            self._body.nrs,
            self._asked.demand.mean(axis=1),
            task.end_deg - self._body.tolerated_deg,
            self._body.bump_nrs,
        )
        self.pain_nrs = float(hurt[0])
        self._begin("ready")

    def push(self) -> None:
        """Push against a locked arm, as hard as possible."""
        self._task = None
        self._begin("push")

    def slip(self, fall_deg_s: float) -> None:
        """Lose control of the arm under load: fall back at this speed, at 0 stand still."""
        self._fall_deg_s = fall_deg_s
        self._begin("slip")

    def stop(self) -> None:
        """Stop lifting: the set is over or the screen says so."""
        if self._doing not in ("still", "approach"):
            self._begin("still")

    def rest(self, rest_s: float) -> None:
        """Recover while not at this machine."""
        self._muscle.rest(rest_s)

    @property
    def is_still(self) -> bool:
        """Tell whether nothing is being done."""
        return self._doing == "still"

    @property
    def fatigued(self) -> float:
        """Share of the muscle that is tired."""
        return self._muscle.fatigued

    @property
    def reserve(self) -> float:
        """True reps in reserve with this load, half a rep for the one that would fail included."""
        left = self._asked.rhythm.possible(np.array([[self._muscle.fatigued]]))[0, 0] + 0.5
        return 0.0 if self.gave_up else float(min(left, number("fatigue.most_reps")))

    @property
    def wants_to_press_pain(self) -> bool:
        """Tell whether it hurts so much that this person presses the button."""
        if self._task is None or self._task.load_kg <= 0 or self.seated.person.reporter == "stoic":
            return False
        return self.pain_nrs >= number("pain.press_pain_nrs") and self.reps >= max(
            1, self._task.reps * 6 // 10
        )

    def felt(self) -> AfterSet:
        """Say how the set was."""
        rir = said_rir(self._body, np.array([self.reserve]), self._chance)
        said = pain.reported(self.pain_nrs, float(self._chance.normal()), self.seated.person.reporter)
        return AfterSet(rir=RIR_WORDS[int(rir[0])], pain=int(said))

    def aches(self) -> int:
        """Say how much the back hurts without a set to ask about."""
        nrs = float(self._body.nrs[0])
        return int(pain.reported(nrs, float(self._chance.normal()), self.seated.person.reporter))

    def beyond_share(self, start_deg: float, end_deg: float) -> float:
        """Tell how far a range goes beyond the tolerated end, as a share of it (negative: inside)."""
        return (end_deg - float(self._body.tolerated_deg[0])) / max(end_deg - start_deg, 1.0)

    def step(self, dt_s: float, load_nm: float) -> Posture:
        """Live for `dt_s` seconds while the muscle has to make this torque (Nm)."""
        before = self.deg
        self._since_s += dt_s
        demand = self._fall(dt_s, load_nm) if self._doing == "slip" else self._move(dt_s, load_nm)
        self._muscle.step(demand, dt_s, between_sets=self._doing in ("still", "approach"))
        return Posture(
            deg=self.deg,
            deg_s=(self.deg - before) / dt_s,
            muscle_nm=self._muscle_nm(load_nm),
            weight_nm=self.weight_nm,
        )

    def _muscle_nm(self, load_nm: float) -> float:
        if self._doing == "push":
            share = min(self._since_s / PUSH_S, 1.0)
            return share * self._able_nm(self.deg) * (1.0 - self._muscle.fatigued)
        return 0.0 if self._doing in ("still", "approach") else load_nm

    @property
    def weight_nm(self) -> float:
        """Torque (Nm) of the resting body on the lever here; negative where it works against the lift."""
        return -gravity.torque_nm(self.seated.kind, self.seated.person.mass_kg, self.deg)

    def carried(self, deg: float) -> None:
        """Let the arm be moved by the drive."""
        self.deg = deg

    def _move(self, dt_s: float, load_nm: float) -> float:
        """Do what is being done; returns the demand on the muscle (share of its maximum)."""
        if self._doing == "approach":
            self._approach(dt_s)
        elif self._doing == "ready" and self._since_s >= REACTION_S:
            self._next_rep()
        elif self._doing == "lift":
            return self._lift(dt_s, load_nm)
        elif self._doing == "hold":
            return self._hold(load_nm)
        elif self._doing == "lower":
            return self._lower(load_nm)
        elif self._doing == "push":
            return min(self._since_s / PUSH_S, 1.0) * (1.0 - self._muscle.fatigued)
        elif self._doing == "turn" and self._since_s + (self.late_s or 0.0) >= number("fatigue.turn_pause_s"):
            self._next_rep()
        return 0.0

    def _fall(self, dt_s: float, load_nm: float) -> float:
        self.deg = max(self.deg - self._fall_deg_s * dt_s, self._low_deg)
        return min(load_nm / self._able_nm(self.deg), 1.0 - self._muscle.fatigued)

    def _approach(self, dt_s: float) -> None:
        way = self._low_deg - self.deg
        step = APPROACH_DEG_S * dt_s
        self.deg += math.copysign(min(abs(way), step), way)
        if abs(way) <= step:
            self._begin("still")

    def _next_rep(self) -> None:
        if self._task is None or self.gave_up or self.reps >= self._task.reps:
            self._begin("still")
            return
        reserve, hold_s = max(self.reserve - 0.5, 0.0), self._task.tempo_s[1]
        rep = planned(self._body, self._asked, reserve, self._low_deg, hold_s, self._chance)
        is_late = self.late_s is not None
        self._rep = rep.hurried(sum(self._task.tempo_s) - (self.late_s or 0.0)) if is_late else rep
        self._share = self._stalled_s = 0.0
        self._begin("lift")

    def _lift(self, dt_s: float, load_nm: float) -> float:
        rep = self._rep
        meant_deg = rep.meant_end_deg - self._low_deg
        deg = self._low_deg + meant_deg * tempo.place(self._share)
        able_nm = self._able_nm(deg) * strength.concentric_share_at(max(meant_deg / rep.meant_lift_s, 0.0))
        demand = load_nm / able_nm + self._passive(deg)
        if demand > 1 - self._muscle.fatigued:
            self._stalled_s += dt_s
            if self._stalled_s >= number("tempo.stall_s"):
                self.gave_up = True
                self._top_deg = self.deg
                self._begin("lower")
            return 1.0 - self._muscle.fatigued
        self._share += dt_s / rep.lift_s
        self.deg = self._low_deg + (rep.end_deg - self._low_deg) * tempo.place(self._share)
        self.deg += rep.tremor(self._share)
        if self._share >= 1:
            self._top_deg = self.deg
            self._begin("hold")
        return demand

    def _hold(self, load_nm: float) -> float:
        if self._since_s >= self._rep.hold_s:
            self._begin("lower")
            self._share = 0.0
        return load_nm / self._able_nm(self.deg)

    def _lower(self, load_nm: float) -> float:
        self._share = min(self._since_s / self._rep.lower_s, 1.0)
        self.deg = self._top_deg - (self._top_deg - self._low_deg) * tempo.place(self._share)
        if self._share >= 1:
            self.reps += not self.gave_up
            self._begin("still" if self.gave_up else "turn")
        return load_nm / self._able_nm(self.deg) / number("force_velocity.eccentric_factor")

    def _able_nm(self, deg: float) -> float:
        return self._strongest_nm * torque_curve.relative_at(self._curve, *self._bounds, deg)

    def _passive(self, deg: float) -> float:
        low, high = float(self._body.tolerated_low_deg[0]), float(self._body.tolerated_deg[0])
        share = (deg - low) / max(high - low, 5.0)
        return min(number("range.stiffness_share") * max(0.0, share - number("range.stiffness_from")), 0.3)

    def _tired(self) -> Bodies:
        return self._body.tired(np.array([self._muscle.fatigued]))

    def _begin(self, doing: Doing) -> None:
        self._doing, self._since_s = doing, 0.0
