"""The true child process: what it hands back, and what happens when it is not allowed enough."""

import io
import sys
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from ml.artifact import child, confined, folder
from ml.artifact.card import Card, Refused
from ml.artifact.child import Answer, Bounds, PlainTrees
from ml.effort.trees import Trees

LEAF = (-1, 0.0, False, 0, 0, 1.5)
SPLIT = (0, 0.5, True, 1, 2, 0.0)


@pytest.fixture
def card(sealed: Path) -> Card:
    found = folder.read_card(sealed)
    assert isinstance(found, Card)
    return found


@pytest.fixture
def model(sealed: Path) -> bytes:
    return (sealed / folder.MODEL_FILE).read_bytes()


def answering(monkeypatch: pytest.MonkeyPatch, *nodes: object, base: float = 0.0) -> None:
    """Let the child answer one tree of these nodes, as one taken over by its file could."""
    answer = Answer(models=[PlainTrees(base=base, trees=[list(nodes)])])  # type: ignore[arg-type]
    monkeypatch.setattr(confined, "_ask", lambda *_: answer)


def test_too_little_memory_is_a_reason(card: Card, model: bytes) -> None:
    found = confined.trees_of(model, card, Bounds(memory_bytes=120_000_000), confined.PATIENCE_S)
    assert isinstance(found, Refused)


def test_an_array_that_claims_more_memory_than_there_may_be_is_a_reason(card: Card, model: bytes) -> None:
    found = confined.trees_of(_claiming(model, 10**10), card, Bounds(), confined.PATIENCE_S)
    assert found in (Refused(reason=child.FULL), Refused(reason="unreadable: ValueError"))


def test_too_little_time_is_a_reason_and_ends_the_child(card: Card, model: bytes) -> None:
    found = confined.trees_of(model, card, Bounds(), 0.05)
    assert found == Refused(reason="opening the model file took longer than 0.05 s")


def test_a_crash_is_a_reason(card: Card, model: bytes) -> None:
    found = confined.trees_of(model, card, Bounds(cpu_s=0), confined.PATIENCE_S)
    assert isinstance(found, Refused)
    assert found.reason.startswith("the process that opened the model file ended with -")


def test_no_interpreter_is_a_reason(card: Card, model: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    found = confined.trees_of(model, card, Bounds(), 1.0)
    assert found == Refused(reason="no process to open the model file in: No such file or directory")


def test_no_place_for_its_output_is_a_reason(
    card: Card, model: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    found = confined.trees_of(model, card, Bounds(), 1.0)
    assert found == Refused(reason="no process to open the model file in: No such file or directory")


def test_an_answer_that_is_none_is_a_reason() -> None:
    for data in (b"", b"\xc1", msgspec.msgpack.encode({"models": "all"})):
        assert confined._decoded(data) == Refused(
            reason="the process that opened the model file gave no answer"
        )


def test_sound_trees_are_taken(card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, SPLIT, LEAF, LEAF, base=0.25)
    assert confined.trees_of(b"", card, Bounds(), 1.0) == (Trees(0.25, ((SPLIT, LEAF, LEAF),)),)


@pytest.mark.parametrize(
    "nodes",
    [
        (),
        ((-1, 0.0, False, 0, 0, float("nan")),),
        ((-1, 0.0, False, 0, 0, float("inf")),),
        ((0, 0.5, True, 0, 0, 0.0), LEAF, LEAF),  # for ever at the root
        ((0, 0.5, True, 1, 3, 0.0), LEAF, LEAF),  # beyond the tree
        ((99, 0.5, True, 1, 2, 0.0), LEAF, LEAF),  # no such feature
        ((-2, 0.5, True, 1, 2, 0.0), LEAF, LEAF),
        ((0, float("nan"), True, 1, 2, 0.0), LEAF, LEAF),
    ],
)
def test_trees_that_would_never_end_or_give_no_number_are_refused(
    nodes: tuple[object, ...], card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, *nodes)
    assert confined.trees_of(b"", card, Bounds(), 1.0) == confined.NO_NUMBERS


def test_a_base_that_is_no_number_and_too_many_nodes_are_refused(
    card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, LEAF, base=float("nan"))
    assert confined.trees_of(b"", card, Bounds(), 1.0) == confined.NO_NUMBERS
    monkeypatch.setattr(confined, "MOST_NODES", 2)
    answering(monkeypatch, SPLIT, LEAF, LEAF)
    assert confined.trees_of(b"", card, Bounds(), 1.0) == confined.NO_NUMBERS


def test_the_child_is_told_nothing_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs isolated, and its environment holds two numbers of threads."""
    assert set(confined.ENVIRONMENT) == {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}
    program = "import os, sys; print(sorted(os.environ), sys.flags.isolated)"
    monkeypatch.setenv("OPENSPINE_DATABASE_URL", "postgresql://secret")
    import subprocess  # noqa: PLC0415 - only this test looks from inside

    said = subprocess.run(
        [sys.executable, "-I", "-c", program], env=confined.ENVIRONMENT, capture_output=True, check=True
    ).stdout.decode()
    assert "OPENSPINE" not in said
    assert said.endswith("1\n")


def test_bounds_are_far_from_what_a_true_artifact_needs() -> None:
    assert replace(Bounds()) == child.Bounds(memory_bytes=1_500_000_000, output_bytes=32_000_000, cpu_s=60)


def _claiming(model: bytes, entries: int) -> bytes:
    """Let every array of a model file claim so many entries in its header, and hold what it held."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(model)) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith(".npy"):
                held = np.load(io.BytesIO(data), allow_pickle=False)
                header = io.BytesIO()
                described = np.lib.format.header_data_from_array_1_0(held) | {"shape": (entries,)}
                np.lib.format.write_array_header_1_0(header, described)
                data = header.getvalue() + held.tobytes()
            target.writestr(name, data)
    return changed.getvalue()
