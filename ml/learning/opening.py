"""The belief at the door: moved to today, with what the person's other machines and the night have told."""

from typing import NamedTuple

from ml.belief.priors import prior
from ml.belief.state import SAME_DAY_MS, Belief, share, share_day, start_session
from ml.learning.gate import Learned
from ml.learning.tolerance import learn_mobility, learn_morning
from ml.request import Request
from ml.sound import read_belief


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
    if stored is not None and stored.sessions >= request.session_number and _is_of_today(stored, request):
        return Opening(stored, stored, Learned(belief=stored))
    others = [other for kept in request.elsewhere if (other := read_belief(kept)[0]) is not None]
    belief = stored or prior(request.person, request.kind, request.side)
    for other in others:
        belief = share(belief, other)
    belief = start_session(belief, request.now_ms, request.person.age_years)
    for other in others:
        belief = share_day(belief, other)
    learned = Learned(belief=belief)
    if stored is None:
        learned = _measured(learned, request)
    is_told = any(_is_of_today(other, request) for other in others)
    last_end = request.past[-1].end_cdeg if request.past and request.past[-1].load_g > 0 else None
    nights = (request.today.morning_nrs, request.person.baseline_nrs, last_end)
    return Opening(stored, belief, learn_morning(learned, *nights, is_told=is_told), is_sound)


def _is_of_today(belief: Belief, request: Request) -> bool:
    return belief.updated_ms is not None and request.now_ms - belief.updated_ms < SAME_DAY_MS


def _measured(learned: Learned, request: Request) -> Learned:
    painless = request.painless_range_cdeg
    return learned if painless is None else learn_mobility(learned, painless[1])
