"""The rep that somebody is about to do: how long its parts take, how far it goes, how steady it is."""

import math
from dataclasses import dataclass, replace

import numpy as np

from emulator.people.bodies import Bodies
from emulator.people.effort import Effort
from emulator.physiology import tempo
from emulator.physiology.parameters import number

CATCH_UP = 0.25  # most share of a rep by which somebody hurries or waits for the corridor; design
TREMOR_HZ = (2.3, 3.7)  # Hz; within the band that smoothness looks at, design


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """One rep as it will be (s, deg), and as it is meant: fresh, the range and the time are its own.

    How hard a rep is follows from how it is meant, as at rep level: who comes less far, or later, does so
    because the rest of the way has become too hard, which makes the rep no easier.
    """

    lift_s: float
    hold_s: float
    lower_s: float
    end_deg: float
    meant_lift_s: float
    meant_end_deg: float
    tremor_deg: float
    tremor_at: float

    def hurried(self, wanted_s: float) -> "Repetition":
        """Hurry or wait, so that the rep ends with the corridor's, as far as somebody can."""
        whole_s = self.lift_s + self.hold_s + self.lower_s
        share = min(max(wanted_s / whole_s, 1 - CATCH_UP), 1 + CATCH_UP)
        return replace(
            self, lift_s=self.lift_s * share, hold_s=self.hold_s * share, lower_s=self.lower_s * share
        )

    def tremor(self, share: float) -> float:
        """Unsteadiness (deg) at a share of the way out; none at both ends."""
        at = share * self.lift_s * math.tau
        fade = 4 * share * (1 - share)
        waves = math.sin(TREMOR_HZ[0] * at + self.tremor_at) + math.sin(TREMOR_HZ[1] * at)
        return self.tremor_deg * max(fade, 0.0) * waves / 2


def planned(
    body: Bodies, asked: Effort, reserve: float, low_deg: float, hold_s: float, chance: np.random.Generator
) -> Repetition:
    """Plan the next rep of one body (a row) with this reserve (reps), from the angle where it starts."""
    left = np.array([reserve])
    strain = float(tempo.strain(left)[0])
    share = float(tempo.speed_share(left, body.speed_loss, body.drop_reps)[0])
    pace = np.exp(number("tempo.pace_noise") * chance.standard_normal(2))
    lift_s, end_deg = float(asked.lift_s[0]), float(asked.end_deg[0])
    haste = 1 - number("tempo.eccentric_haste") * (1 - share)
    return Repetition(
        lift_s=lift_s / share * float(pace[0]),
        hold_s=hold_s * float(pace[0]),
        lower_s=float(asked.lower_s[0] * pace[1]) * haste,
        end_deg=low_deg
        + (end_deg - low_deg) * (1 - number("range.fatigue_loss") * strain)
        + number("range.reach_noise_deg") * float(chance.normal()),
        meant_lift_s=lift_s,
        meant_end_deg=end_deg,
        tremor_deg=tempo.tremor_deg(strain),
        tremor_at=float(chance.uniform(0, math.tau)),
    )
