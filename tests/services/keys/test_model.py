"""Model keys of a studio: they vouch for models here, and machines never hear of them."""

from pathlib import Path

import msgspec
import pytest

from ml.artifact import RELEASE_KEYS
from services.keys import folder
from services.keys.folder import PUBLIC_FILE, REGISTER_FILE
from services.keys.model import vouching
from services.keys.register import KeyRefusedError


def test_every_key_of_the_register_vouches_until_it_is_retired(tmp_path: Path) -> None:
    first, second = folder.add(tmp_path, "model"), folder.add(tmp_path, "model")
    assert {first.key_id, second.key_id} <= set(vouching(tmp_path))
    folder.switch(tmp_path, second.key_id)
    folder.retire(tmp_path, first.key_id)
    known = vouching(tmp_path)
    assert known[second.key_id] == second.public
    assert first.key_id not in known


def test_a_folder_that_is_not_there_leaves_the_release_keys(tmp_path: Path) -> None:
    assert vouching(tmp_path / "none") == RELEASE_KEYS


def test_a_command_key_vouches_for_no_model(tmp_path: Path) -> None:
    folder.add(tmp_path, "command")
    assert vouching(tmp_path) == RELEASE_KEYS


def test_nobody_takes_the_name_of_a_release_key(tmp_path: Path) -> None:
    name, public = next(iter(RELEASE_KEYS.items()))
    folder.add(tmp_path, "model", name)
    assert vouching(tmp_path)[name] == public


def test_a_register_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / REGISTER_FILE).write_text("{")
    with pytest.raises(KeyRefusedError):
        vouching(tmp_path)


def test_machines_are_never_told_of_model_keys(tmp_path: Path) -> None:
    folder.add(tmp_path, "model")
    command = folder.add(tmp_path, "command")
    folder.publish(tmp_path, tmp_path / PUBLIC_FILE)
    told = msgspec.json.decode((tmp_path / PUBLIC_FILE).read_bytes())
    assert set(told) == {command.key_id}
