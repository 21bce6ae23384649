"""The process that opens a model file: it has no secrets, little time and little memory, and ends at once.

Standard input: `Question`; standard output: `Answer`, plain numbers only (both msgpack). Whatever the file
may do to this process, its parent reads numbers and checks them again.
"""

import resource
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from ml.artifact import archive
from ml.artifact.card import Refused
from ml.effort.trees import Node, from_estimator

GOLDEN_TOLERANCE = 1e-9  # reps; the same trees give the same sums
DIFFERS = "the golden predictions differ"
FULL = "the model file needs more memory than it may have"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the process may use: address space and output in bytes, processor time in seconds."""

    memory_bytes: int = 1_500_000_000  # scikit-learn alone maps 620 MB
    output_bytes: int = 32_000_000
    cpu_s: int = 60  # a cold import costs 2.5 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A model file with the rows whose predictions are known, and the bounds to open it within."""

    model: bytes
    golden_rows: list[list[float | None]]
    golden_predictions: list[list[float]]
    bounds: Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTrees:
    """One model as numbers."""

    base: float
    trees: list[list[Node]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The models of the file, or why there are none."""

    models: list[PlainTrees] | None = None
    refused: str = ""


_QUESTION = msgspec.msgpack.Decoder(Question)


def main() -> int:
    """Answer one question."""
    question = _QUESTION.decode(sys.stdin.buffer.read())
    confine(question.bounds)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer(question)))
    sys.stdout.buffer.flush()
    return 0


def confine(bounds: Bounds) -> None:
    """Bound this process for ever; address space only where the system can (Linux)."""
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_s, bounds.cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.output_bytes, bounds.output_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_bytes, bounds.memory_bytes))


def answer(question: Question) -> Answer:
    """Open the file and read its trees; every failure of a file that was not ours is a reason."""
    try:
        models = archive.unpack(question.model)
        if isinstance(models, Refused):
            return Answer(refused=models.reason)
        if not is_golden(archive.predictions(models, question.golden_rows), question.golden_predictions):
            return Answer(refused=DIFFERS)
        return Answer(models=[_plain(model) for model in models])
    except MemoryError:
        return Answer(refused=FULL)
    except ImportError as problem:
        return Answer(refused=f"not installed: {problem.name}")
    except Exception as problem:  # noqa: BLE001 - a foreign file may fail in any way; the parent is told how
        return Answer(refused=f"unreadable: {type(problem).__name__}")


def is_golden(found: Sequence[Sequence[float]], golden: Sequence[Sequence[float]]) -> bool:
    """Tell whether all predictions are those of the card; nan is equal to nothing."""
    is_complete = [len(row) for row in found] == [len(row) for row in golden] and any(golden)
    pairs = (
        (one, other)
        for row, known in zip(found, golden, strict=False)
        for one, other in zip(row, known, strict=False)
    )
    return is_complete and all(abs(one - other) <= GOLDEN_TOLERANCE for one, other in pairs)


def _plain(model: Any) -> PlainTrees:
    found = from_estimator(model)
    return PlainTrees(base=found.base, trees=[list(nodes) for nodes in found.trees])


if __name__ == "__main__":
    sys.exit(main())
