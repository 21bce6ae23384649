"""What the child answers, asked in this process; tests of `confined` run it as the process that it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from ml.artifact import archive, child, folder
from ml.artifact.card import Refused
from ml.artifact.child import Answer, Bounds, Question


@pytest.fixture
def question(sealed: Path) -> Question:
    card = folder.read_card(sealed)
    assert not isinstance(card, Refused)
    return Question(
        model=(sealed / folder.MODEL_FILE).read_bytes(),
        golden_rows=card.golden_rows,
        golden_predictions=card.golden_predictions,
        bounds=Bounds(),
    )


def test_trees_come_as_plain_numbers(question: Question) -> None:
    answer = child.answer(question)
    assert answer.refused == ""
    assert answer.models is not None
    assert [len(one.trees) for one in answer.models] == [3, 3, 3]


def test_changed_golden_rows_are_refused(question: Question) -> None:
    first: list[float | None] = [-9.0] * len(question.golden_rows[0])
    rows = [first, *question.golden_rows[1:]]
    assert child.answer(replace(question, golden_rows=rows)) == Answer(refused=child.DIFFERS)


def test_changed_missing_or_nan_predictions_are_refused(question: Question) -> None:
    known = question.golden_predictions
    moved = [[value + 0.01 for value in row] for row in known]
    wrongs: list[list[list[float]]] = [
        moved,
        [],
        known[:2],
        [row[:1] for row in known],
        [[float("nan")] * 2] * 3,
        [[], [], []],
    ]
    for wrong in wrongs:
        assert child.answer(replace(question, golden_predictions=wrong)) == Answer(refused=child.DIFFERS)


def test_a_truncated_file_is_refused(question: Question) -> None:
    for length in (0, 1, len(question.model) // 2, len(question.model) - 1):
        answer = child.answer(replace(question, model=question.model[:length]))
        assert answer.models is None
        assert answer.refused.startswith("unreadable: ")


def test_what_is_no_model_is_refused(question: Question) -> None:
    answer = child.answer(replace(question, model=archive.pack([{"a": 1}])))
    assert answer == Answer(refused="unreadable: AttributeError")


@pytest.mark.parametrize(
    ("problem", "reason"),
    [(MemoryError(), child.FULL), (ImportError("no", name="skops"), "not installed: skops")],
)
def test_what_is_missing_to_open_it_is_a_reason(
    question: Question, problem: Exception, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_data: bytes) -> None:
        raise problem

    monkeypatch.setattr(archive, "unpack", fail)
    assert child.answer(question) == Answer(refused=reason)
