"""`train`, `model sign` and `model card` as a user calls them."""

import json
from pathlib import Path
from typing import Any

import pytest
from artifact_workshop import a_card, small_models

from ml import artifact
from ml.artifact import CARD_FILE, SEAL_FILE
from openspine.__main__ import main
from openspine.outcome import ExitCode
from services.keys import folder
from services.keys.folder import PRIVATE_SUFFIX


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A model key as `admin keys new model` makes it."""
    made = folder.add(tmp_path / "keys", "model")
    return tmp_path / "keys" / f"{made.key_id}{PRIVATE_SUFFIX}"


@pytest.fixture(scope="module")
def models() -> list[Any]:
    return small_models()


@pytest.fixture
def place(models: list[Any], tmp_path: Path) -> Path:
    artifact.write(tmp_path / "model", models, a_card())
    return tmp_path / "model"


def printed(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_training_writes_model_and_card_and_signs_them(
    tmp_path: Path, key_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["train", "--people", "120", "--seed", "3", "--out", str(tmp_path / "made"), "--json"]
    assert main([*command, "--sign", str(key_file)]) == ExitCode.OK
    result = printed(capsys)
    assert result["people"] == 120
    assert result["signed_by"] == key_file.name.removesuffix(PRIVATE_SUFFIX)
    assert json.loads((tmp_path / "made" / CARD_FILE).read_text())["sha256"] == result["sha256"]
    assert json.loads((tmp_path / "made" / SEAL_FILE).read_text())["key_id"] == result["signed_by"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--people", "0"], ExitCode.USAGE),
        (["--people", "89"], ExitCode.USAGE),
        (["--out", __file__], ExitCode.USAGE),
        (["--sign", "none.key"], ExitCode.NOT_FOUND),
    ],
)
def test_wrong_input_is_one_line_before_any_training(
    options: list[str],
    code: ExitCode,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["train", *options]) == code
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_signing_names_the_key(place: Path, key_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "sign", str(place), "--key", str(key_file), "--json"]) == ExitCode.OK
    key_id = printed(capsys)["signed_by"]
    (entry,) = folder.read_register(key_file.parent)
    assert key_id == entry.key_id
    assert artifact.signer(place, {key_id: entry.public}) == key_id


def test_a_key_that_is_missing_open_to_others_or_none_is_one_line(
    place: Path, key_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def tried(path: Path) -> tuple[int, str]:
        return main(["model", "sign", str(place), "--key", str(path)]), capsys.readouterr().err

    assert tried(tmp_path / "none")[0] == ExitCode.NOT_FOUND
    short = tmp_path / "short"
    folder.write_secret(short, b"12")
    assert tried(short)[0] == ExitCode.FAILED
    key_file.chmod(0o644)
    code, said = tried(key_file)
    assert code == ExitCode.FAILED
    assert "chmod 600" in said
    assert len(said.splitlines()) == 1
    assert not (place / SEAL_FILE).exists()


def test_a_card_of_another_file_is_not_signed(
    place: Path, key_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / artifact.MODEL_FILE).write_bytes(b"another")
    assert main(["model", "sign", str(place), "--key", str(key_file)]) == ExitCode.FAILED
    assert "not the one that the card describes" in capsys.readouterr().err


def test_the_page_is_written_or_printed(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "card.md"
    command = ["model", "card", "--artifact", str(place)]
    assert main([*command, "--out", str(page)]) == ExitCode.OK
    capsys.readouterr()
    assert main([*command, "--json"]) == ExitCode.OK
    assert printed(capsys)["markdown"] == page.read_text(encoding="utf-8")
    assert "**not signed**" in page.read_text(encoding="utf-8")
    assert main(["model", "card", "--artifact", str(tmp_path / "none")]) == ExitCode.NOT_FOUND
    assert main([*command, "--out", str(tmp_path / "none" / "card.md")]) == ExitCode.NOT_FOUND
    (place / artifact.CARD_FILE).write_text("{}")
    assert main(command) == ExitCode.FAILED
