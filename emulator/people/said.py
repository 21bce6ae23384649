"""What people say of their reps in reserve: the words of the screen's question."""

import numpy as np
from numpy.typing import NDArray

from emulator.people.bodies import Bodies
from emulator.physiology.parameters import Array, number

RIR_WORDS = ("0", "1-2", "3-5", "many")
RIR_BOUNDS = (0.5, 2.5, 5.5)  # reps between the words


def said_rir(bodies: Bodies, rir: Array, chance: np.random.Generator) -> NDArray[np.int64]:
    """Say how many more would have gone, as an index into `RIR_WORDS`."""
    felt = rir + bodies.report_bias_reps + number("effort.report_sd_reps") * chance.normal(size=len(bodies))
    said = np.digitize(felt, RIR_BOUNDS)
    said = np.where(bodies.reporter == "always_easy", len(RIR_WORDS) - 1, said)
    return np.where(bodies.reporter == "always_hard", 0, said).astype(np.int64)
