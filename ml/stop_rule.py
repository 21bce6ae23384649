"""When the edge ends a set by itself: thresholds from phase and belief, obeyed without the network."""

from contract.messages import Stop
from ml.capacity import expected_reps, reps_in_time
from ml.effort_target import is_careful, is_stop_live
from ml.evidence import Evidence
from ml.request import Dose

SPEED_LIVE_PCT = 75  # of the set's best: about two reps left (speed loss 25 %, science 2.2)
SPEED_PCT, SPEED_CAREFUL_PCT = (
    60,
    65,
)  # paced sets hide fatigue in speed until late: only a collapse ends them
RANGE_PCT = 85  # of the prescribed span (page 8: lost beyond 15 %)
TEMPO_PCT, TEMPO_CLOSE_PCT = 160, 140  # of the prescribed concentric time; closer where little is left
CLOSE_REPS = 4.0  # believed reps in reserve from which the closer threshold holds


def stop_rule(evidence: Evidence, dose: Dose) -> Stop:
    """Return the in-set stop of a dose; a dose without load has none but its reps."""
    if dose.load_g == 0:
        return Stop(max_reps=dose.reps)
    person = evidence.request.person
    speed = SPEED_CAREFUL_PCT if is_careful(person) else SPEED_PCT
    left = expected_reps(evidence.belief, dose)[0] - reps_in_time(dose)
    return Stop(
        min_speed_pct=SPEED_LIVE_PCT if is_stop_live(evidence.request) else speed,
        min_range_pct=RANGE_PCT,
        max_tempo_pct=TEMPO_CLOSE_PCT if left < CLOSE_REPS else TEMPO_PCT,
        max_reps=dose.reps,
    )
