"""Opens a model file in a process of its own and brings back plain trees, or the reason why not."""

import subprocess
import sys
import tempfile
from math import isfinite, isnan
from typing import Final

import msgspec

from ml.artifact.card import Card, Refused
from ml.artifact.child import Answer, Bounds, PlainTrees, Question
from ml.effort.trees import LEAF, Node, Trees

PATIENCE_S: Final = 120.0  # a cold import on a busy machine; the child's own bound is processor time
MOST_NODES: Final = 200_000  # of a model: more is not ours
ENVIRONMENT: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # all that the child is told
NO_NUMBERS = Refused(reason="the model file does not hold trees of finite numbers")
_ANSWER = msgspec.msgpack.Decoder(Answer)


def trees_of(model: bytes, card: Card, bounds: Bounds, patience_s: float) -> tuple[Trees, ...] | Refused:
    """Open a verified model file in a child and check what it hands back."""
    question = Question(
        model=model,
        golden_rows=card.golden_rows,
        golden_predictions=card.golden_predictions,
        bounds=bounds,
    )
    answer = _ask(question, patience_s)
    if isinstance(answer, Refused):
        return answer
    if answer.models is None:
        return Refused(reason=answer.refused)
    if not all(_is_sound(one, len(card.features)) for one in answer.models):
        return NO_NUMBERS
    return tuple(Trees(base=one.base, trees=tuple(map(tuple, one.trees))) for one in answer.models)


def _ask(question: Question, patience_s: float) -> Answer | Refused:
    """Ask a child; its output goes through a file, so that it cannot flood the memory of its parent."""
    try:
        with tempfile.TemporaryFile() as output:
            child = subprocess.run(
                [sys.executable, "-I", "-m", "ml.artifact.child"],
                input=msgspec.msgpack.encode(question),
                stdout=output,
                stderr=subprocess.DEVNULL,
                env=ENVIRONMENT,
                timeout=patience_s,
                check=False,
                start_new_session=True,
            )
            output.seek(0)
            data = output.read()
    except subprocess.TimeoutExpired:
        return Refused(reason=f"opening the model file took longer than {patience_s:g} s")
    except OSError as problem:
        return Refused(reason=f"no process to open the model file in: {problem.strerror}")
    if child.returncode != 0:
        return Refused(reason=f"the process that opened the model file ended with {child.returncode}")
    return _decoded(data)


def _decoded(data: bytes) -> Answer | Refused:
    try:
        return _ANSWER.decode(data)
    except msgspec.DecodeError:
        return Refused(reason="the process that opened the model file gave no answer")


def _is_sound(model: PlainTrees, features: int) -> bool:
    """Tell whether every walk ends at a finite number: children lie behind their parent."""
    if not isfinite(model.base) or sum(map(len, model.trees)) > MOST_NODES:
        return False
    return all(
        nodes and all(_is_node(node, place, len(nodes), features) for place, node in enumerate(nodes))
        for nodes in model.trees
    )


def _is_node(node: Node, place: int, size: int, features: int) -> bool:
    feature, threshold, _, left, right, value = node
    if feature == LEAF:
        return isfinite(value)
    return 0 <= feature < features and not isnan(threshold) and place < left < size and place < right < size
