"""Every logged question asked once more, from the same facts; batches go through the model together."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from ml.adjust import adjust_many
from ml.decision import Decision
from ml.effort.model import EffortModel
from ml.request import Request
from ml.runner import effort_for
from ml.whatif.change import Change, changed
from ml.whatif.steps import DoneSet, step
from ml.whatif.totals import Comparison, summed

BATCH = 64  # questions that are asked together


def compare(done: Sequence[DoneSet], change: Change, models: Callable[[], EffortModel]) -> Comparison:
    """Ask every question once more under the change, in batches (O(1) in history for each)."""
    kept, left_out = at_hand(done, models)
    again = _answers({one.decision: one.request for one in kept}, models)
    answers = _answers({one.decision: changed(one.request, change) for one in kept}, models)
    steps = [step(one, again[one.decision], answers[one.decision]) for one in kept]
    return summed(steps, change, left_out, simulated=False)


def at_hand(
    done: Sequence[DoneSet], models: Callable[[], EffortModel]
) -> tuple[list[DoneSet], dict[str, int]]:
    """Leave out what another effort model has decided: the difference would be the model's."""
    kept, left_out = [], Counter[str]()
    for one in done:
        if effort_for(one.request.model, models) is None:
            left_out[f"decided with model {one.request.model}, which is not at hand"] += 1
        else:
            kept.append(one)
    return kept, dict(left_out)


def _answers(asked: Mapping[str, Request], models: Callable[[], EffortModel]) -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    by_model: dict[str, list[str]] = {}
    for number, request in asked.items():
        by_model.setdefault(request.model, []).append(number)
    for model, numbers in by_model.items():
        effort = effort_for(model, models)
        for first in range(0, len(numbers) if effort else 0, BATCH):
            batch = numbers[first : first + BATCH]
            if effort is not None:
                found |= zip(batch, adjust_many([asked[one] for one in batch], effort), strict=True)
    return found
