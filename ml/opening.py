"""The belief at the door: moved to today, with what the person's other machines and the night have told."""

from typing import NamedTuple

from ml.belief import Belief, share, share_day, start_session
from ml.gate import Learned
from ml.priors import prior
from ml.request import Request
from ml.sound import read_belief
from ml.tolerance import learn_mobility, learn_morning


class Opening(NamedTuple):
    """The stored belief (None: none yet), the same moved to today, and that after the facts of the door.

    `is_sound` is False when what was stored must not be believed; then it starts from the prior.
    """

    stored: Belief | None
    today: Belief
    learned: Learned
    is_sound: bool = True


def open_belief(request: Request) -> Opening:
    """Move the belief to this session once, and take in what was known before its first set."""
    stored, is_sound = read_belief(request.belief, (request.kind, request.side))
    if stored is not None and stored.sessions >= request.session_number:
        return Opening(stored, stored, Learned(belief=stored))
    others = [other for kept in request.elsewhere if (other := read_belief(kept)[0]) is not None]
    belief = stored or prior(request.person, request.kind, request.side)
    for other in others:
        belief = share(belief, other)
    belief = start_session(belief, request.now_ms, request.person.age_years)
    for other in others:
        belief = share_day(belief, other)
    learned = _at_the_door(Learned(belief=belief), request, is_new=stored is None)
    return Opening(stored, belief, learned, is_sound)


def _at_the_door(learned: Learned, request: Request, *, is_new: bool) -> Learned:
    if is_new and request.painless_range_cdeg is not None:
        learned = learn_mobility(learned, request.painless_range_cdeg[1])
    last_end = request.past[-1].end_cdeg if request.past and request.past[-1].load_g > 0 else None
    return learn_morning(learned, request.today.morning_nrs, request.person.baseline_nrs, last_end)
