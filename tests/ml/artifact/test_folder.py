from pathlib import Path

from artifact_workshop import Workshop, a_card

from ml.artifact import folder
from ml.artifact.card import Card, Refused


def test_equal_models_and_cards_give_equal_bytes(workshop: Workshop, sealed: Path, tmp_path: Path) -> None:
    folder.write(tmp_path, workshop.models, a_card())
    folder.sign(tmp_path, workshop.key)
    for name in folder.MOST_BYTES:
        assert (tmp_path / name).read_bytes() == (sealed / name).read_bytes()


def test_a_new_card_takes_the_old_seal_away(workshop: Workshop, copy: Path) -> None:
    folder.write(copy, workshop.models, a_card(seed=2))
    assert not (copy / folder.SEAL_FILE).exists()


def test_nobody_signs_a_card_of_another_file(workshop: Workshop, copy: Path) -> None:
    (copy / folder.MODEL_FILE).write_bytes(b"another")
    (copy / folder.SEAL_FILE).unlink()
    assert folder.sign(copy, workshop.key) == folder.ANOTHER_FILE
    assert not (copy / folder.SEAL_FILE).exists()


def test_missing_and_oversized_files_are_refused_unread(copy: Path) -> None:
    for name, most in folder.MOST_BYTES.items():
        kept = (copy / name).read_bytes()
        (copy / name).write_bytes(b"0" * (most + 1))
        assert folder.read(copy) == Refused(reason=f"{name} is larger than {most} bytes")
        (copy / name).write_bytes(kept)
    (copy / folder.MODEL_FILE).unlink()
    assert folder.read(copy) == Refused(reason="effort.skops: No such file or directory")


def test_the_card_names_the_model_by_its_bytes(sealed: Path) -> None:
    card = folder.read_card(sealed)
    assert isinstance(card, Card)
    assert card.name == f"effort-{card.sha256[:12]}"
    assert folder.signer(sealed) == Refused(
        reason="signed by model-03a107bf, which is no key of this service"
    )


def test_other_schemas_and_broken_cards_are_refused(copy: Path) -> None:
    card = (copy / folder.CARD_FILE).read_bytes()
    (copy / folder.CARD_FILE).write_bytes(card.replace(b'"schema": 1', b'"schema": 2'))
    assert folder.read_card(copy) == Refused(reason="card schema 2, expected 1")
    (copy / folder.CARD_FILE).write_bytes(b"{")
    assert isinstance(folder.read_card(copy), Refused)
