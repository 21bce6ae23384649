"""When the edge ends a set by itself: thresholds from phase and belief, obeyed without the network.

Speed: a paced set holds its speed and falls late, v / v_best = 1 - L (i / n)^3.5 (science 3.3). The belief
gives n; its effort bias says how this person's speed reads. Only where the law lets the stop carry a set
(page 8: strengthen, after visit 8) is the threshold that close; everywhere else it waits for a collapse.
"""

from contract.messages import Stop
from ml.belief.capacity import chance_below, reps_in_time, reserve
from ml.belief.state import BIAS
from ml.evidence import Evidence
from ml.request import Dose
from ml.rules.effort_target import is_careful, is_stop_live

SPEED_LOSS_MOST = 0.40  # share of the speed lost at failure (science 3.3: .40 +- .15)
PACED_EXPONENT = 3.5  # paced sets: 3-4 (science 3.3)
BEST_ABOVE_MEAN = 1.12  # the best of ten paced reps against their mean (rep noise 8-10 %, science 3.3)
LIVE_RESERVE = 2.0  # reps; where a live stop shall end a set: the middle of the zone of 1-3 (design page 5)
LIVE_CHANCE = 0.10  # P(fewer reps left than that) from which the close threshold is used (design choice)
SPEED_PCT, SPEED_CAREFUL_PCT = 60, 65  # of the set's best: a collapse
SPEED_MOST_PCT = 78  # above it the noise of paced reps ends sets far from failure
RANGE_PCT = 85  # of the prescribed span (page 8: lost beyond 15 %)
TEMPO_PCT, TEMPO_CLOSE_PCT = 50, 40  # deviation of a whole rep from its pace; noise reaches 25-30
CLOSE_REPS = 4.0  # believed reps in reserve from which the closer tempo holds


def stop_rule(evidence: Evidence, dose: Dose) -> Stop:
    """Return the in-set stop of a dose; a dose without load has none but its reps."""
    if dose.load_g == 0:
        return Stop(max_reps=dose.reps)
    left = reserve(evidence.belief, dose).reps - reps_in_time(dose)
    return Stop(
        min_speed_pct=speed_pct(evidence, dose),
        min_range_pct=RANGE_PCT,
        max_tempo_pct=TEMPO_CLOSE_PCT if left < CLOSE_REPS else TEMPO_PCT,
        max_reps=dose.reps,
    )


def speed_pct(evidence: Evidence, dose: Dose) -> int:
    """Return the speed, in percent of the set's best, below which the edge ends the set."""
    collapse = SPEED_CAREFUL_PCT if is_careful(evidence.request.person) else SPEED_PCT
    believed = reserve(evidence.belief, dose)
    risk = chance_below(believed.reps, believed.sd, reps_in_time(dose) + LIVE_RESERVE)
    if not is_stop_live(evidence.request) or risk < LIVE_CHANCE:
        return collapse
    reading = max(LIVE_RESERVE + evidence.belief.state.mean[BIAS], 0.0)  # what speed tells at that reserve
    done = max(1.0 - reading / believed.reps, 0.0)
    speed: float = (1.0 - SPEED_LOSS_MOST * done**PACED_EXPONENT) / BEST_ABOVE_MEAN
    return min(max(round(100 * speed), collapse), SPEED_MOST_PCT)
