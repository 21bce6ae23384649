"""From a folder to a model, and every way in which it is refused."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from artifact_workshop import Workshop, a_card

from ml.artifact import confined, folder, opening
from ml.artifact.card import Refused
from ml.artifact.child import DIFFERS
from ml.artifact.opening import Opened, Terms, load, open_artifact
from ml.effort.model import QuantileEffort, RuleEffort
from ml.effort.trees import from_estimator

Forge = Callable[..., Path]


@pytest.fixture
def known(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Count how often a child is asked, and let it answer what is true of the small models."""
    asked: list[bytes] = []
    trees = tuple(from_estimator(one) for one in workshop.models)

    def trees_of(model: bytes, *_: object) -> object:
        asked.append(model)
        return trees

    monkeypatch.setattr(confined, "trees_of", trees_of)
    return asked


def test_a_signed_artifact_is_opened_in_a_true_child(workshop: Workshop, sealed: Path) -> None:
    found = open_artifact(sealed, workshop.terms)
    assert isinstance(found, Opened)
    assert found.signed_by == workshop.key_id
    assert isinstance(found.effort, QuantileEffort)
    assert found.effort.name == found.card.name


def test_a_type_off_the_list_is_refused_by_the_true_child(workshop: Workshop, forged: Forge) -> None:
    import skops.io  # noqa: PLC0415 - slow import
    from sklearn.preprocessing import FunctionTransformer  # noqa: PLC0415 - slow import

    place = forged(model=skops.io.dumps([FunctionTransformer(func=sys.exit)]))
    assert open_artifact(place, workshop.terms) == Refused(
        reason="the model file asks for types that are not on the allow-list"
    )


def test_nothing_unsigned_is_opened_unless_it_is_allowed(
    workshop: Workshop, copy: Path, known: list[bytes]
) -> None:
    (copy / folder.SEAL_FILE).unlink()
    assert open_artifact(copy, workshop.terms) == Refused(reason="the card is not signed")
    assert isinstance(load(copy), RuleEffort)
    assert known == []
    found = open_artifact(copy, replace(workshop.terms, unsigned=True))
    assert isinstance(found, Opened)
    assert found.signed_by is None


def test_a_wrong_signature_is_refused_even_where_none_is_needed(
    workshop: Workshop, copy: Path, known: list[bytes]
) -> None:
    folder.sign(copy, workshop.stranger)
    for unsigned in (False, True):
        assert isinstance(open_artifact(copy, replace(workshop.terms, unsigned=unsigned)), Refused)
    assert isinstance(open_artifact(copy, Terms(unsigned=True)), Refused)
    assert known == []


def test_a_flipped_byte_anywhere_is_refused_before_a_child_is_asked(
    workshop: Workshop, copy: Path, known: list[bytes]
) -> None:
    for name in (folder.MODEL_FILE, folder.CARD_FILE, folder.SEAL_FILE):
        data = bytearray((copy / name).read_bytes())
        for place in range(0, len(data), max(1, len(data) // 10)):
            data[place] ^= 1
            (copy / name).write_bytes(bytes(data))
            assert isinstance(open_artifact(copy, workshop.terms), Refused), (name, place)
            data[place] ^= 1
        (copy / name).write_bytes(bytes(data))
    assert known == []


def test_a_swapped_card_with_its_own_seal_is_refused(
    workshop: Workshop, copy: Path, tmp_path: Path, known: list[bytes]
) -> None:
    other = tmp_path / "other"
    folder.write(other, workshop.models[:2], a_card())
    folder.sign(other, workshop.key)
    for name in (folder.CARD_FILE, folder.SEAL_FILE):
        (copy / name).write_bytes((other / name).read_bytes())
    assert open_artifact(copy, workshop.terms) == folder.ANOTHER_FILE
    assert known == []


def test_a_model_for_other_features_is_refused(workshop: Workshop, forged: Forge, known: list[bytes]) -> None:
    assert open_artifact(forged(features=["speed_ratio"]), workshop.terms) == opening.OTHER_FEATURES
    assert known == []


def test_what_the_child_hands_back_is_judged_again(
    workshop: Workshop, forged: Forge, known: list[bytes]
) -> None:
    card = msgspec.json.decode((forged() / folder.CARD_FILE).read_bytes())
    moved = [[value + 0.01 for value in row] for row in card["golden_predictions"]]
    assert open_artifact(forged(golden_predictions=moved), workshop.terms) == Refused(reason=DIFFERS)
    assert len(known) == 1


def test_a_missing_folder_gives_the_rule(tmp_path: Path) -> None:
    assert isinstance(load(tmp_path / "none"), RuleEffort)


def test_who_decides_never_imports_what_trained_the_model() -> None:
    program = (
        "import sys; from ml.artifact import default; "
        "print(default().name, sorted({'sklearn', 'skops', 'scipy', 'pickle'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
    assert said.startswith("effort-")
    assert "sklearn" not in said
    assert "skops" not in said
    assert "scipy" not in said
