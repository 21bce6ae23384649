"""What a load tells that a trainer chose: who saw the sets before asks for what seems possible.

No set that a policy chose is read so: a policy knows nothing that the belief does not. The four figures are
fitted to real sets to failure (folds by person: decision 0011) and hold for trainers of strength clinics.
"""

from math import log

from ml.belief.kalman import Gaussian, update
from ml.belief.state import CAPACITY, Belief
from ml.learning.gate import Learned, moved
from ml.learning.observations import Seen, around
from ml.replacing import replace
from ml.request import Dose

USUAL_REPS = 8.1  # reps that trainers choose loads for (fitted; folds 7.9-8.5)
CHOSEN_SD = 0.07  # log; how well the first load of a machine tells the capacity (fitted; folds .03-.07)
CHOICE_SD = 0.11  # log; how well a later one does, beside the reps that were seen (fitted; folds .10-.13)
CHANGE_SHARE = 0.63  # of a change of load is strength that the trainer saw (fitted; folds .60-.69)


def learn_choice(learned: Learned, dose: Dose, before_g: int) -> Learned:
    """Take in the load of a set that staff chose after `before_g` on the same machine (0: none is known)."""
    if dose.mode != "train" or dose.load_g <= 0 or before_g <= 0:
        return learned
    told = read_choice(learned.belief, dose, before_g / 1000.0)
    return moved(learned, told.state, f"choice_set_{dose.set}")


def read_choice(belief: Belief, dose: Dose, before_kg: float) -> Belief:
    """Take in that a trainer asks for this load after `before_kg` on the same machine.

    A change moves the capacity by its share; then the load is a reading of the capacity for the usual reps.
    """
    seen = CHANGE_SHARE * log(dose.load_g / 1000.0 / before_kg)
    mean = tuple(value + seen * (place == CAPACITY) for place, value in enumerate(belief.state.mean))
    belief = replace(belief, state=Gaussian(mean, belief.state.covariance))
    row, margin, _ = around(belief, dose, Seen(USUAL_REPS + 0.5, 0.0, 0.0))
    return replace(belief, state=update(belief.state, row, -margin, CHOICE_SD**2))
