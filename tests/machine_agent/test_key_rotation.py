"""Keys are rotated while a person trains: from the key folder of the service to the receipt of the agent."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import signing
from contract.messages import Setting
from machine_agent import keys
from services.keys import folder
from services.keys.folder import current_private, publish
from services.keys.register import Entry


@dataclass
class Studio:
    """The key folder of a service, and the file of public keys on a machine."""

    home: Path
    public: Path

    def tell_machine(self) -> None:
        publish(self.home, self.public)

    def signed(self, setting: Setting) -> Setting:
        """Sign as the service does after its start: with the current key."""
        key_id, key = current_private(self.home, "command")
        return signing.sign(replace(setting, key_id=key_id), key)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    made = Studio(tmp_path / "keys", tmp_path / "machine" / "keys.json")
    folder.add(made.home, "command")
    made.tell_machine()
    return made


def test_old_settings_count_until_their_key_is_retired(make_room: Callable[..., Any], studio: Studio) -> None:
    known = keys.load(studio.public)
    room = make_room()
    plan = room.ready()
    room.lift_set()
    old_key = folder.read_register(studio.home)[0]

    def hear(setting: Setting) -> str | None:
        """Hand a setting to the running agent; the reason of its refusal, None when it took it."""
        receipts = room.hear(setting, verified=known.verified(setting))
        return next((one.reason for one in receipts if one.setting == setting.id), None)

    loads = iter(range(19_000, 10_000, -100))

    def wanted() -> Setting:
        load_g = next(loads)
        seq = 60_000 - load_g  # each setting is newer than the one before
        return studio.signed(room.next_setting(plan, load_g=load_g, seq=seq))

    assert hear(wanted()) is None
    new_key: Entry = folder.add(studio.home, "command")
    studio.tell_machine()
    assert hear(wanted()) is None, "the new key is known, the old one still signs"
    under_way = wanted()
    folder.switch(studio.home, new_key.key_id)
    by_new_key = wanted()
    assert (under_way.key_id, by_new_key.key_id) == (old_key.key_id, new_key.key_id)
    assert hear(under_way) is None, "signed before the switch, heard after it"
    assert hear(by_new_key) is None

    stolen = studio.home / f"{old_key.key_id}.private"
    thief = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(stolen.read_text()))
    folder.retire(studio.home, old_key.key_id)
    assert not stolen.exists()
    studio.tell_machine()
    assert hear(signing.sign(replace(wanted(), key_id=old_key.key_id), thief)) == "SIGNATURE"
    assert hear(wanted()) is None


def test_without_the_new_file_a_machine_still_believes_the_old_key(studio: Studio, make_setting: Any) -> None:
    """The negative control: it is the published file that withdraws a key, and nothing else."""
    known = keys.load(studio.public)
    before = studio.signed(make_setting())
    folder.switch(studio.home, folder.add(studio.home, "command").key_id)
    folder.retire(studio.home, before.key_id)

    assert known.verified(before)
    assert not known.verified(studio.signed(make_setting()))
    studio.tell_machine()
    assert not known.verified(before)
    assert known.verified(studio.signed(make_setting()))


@pytest.mark.parametrize("content", ["", "{", '{"a": {"use": "all", "public": "00"}}', None])
def test_while_the_file_is_unusable_nobody_is_believed(
    studio: Studio, make_setting: Callable[..., Setting], content: str | None
) -> None:
    known = keys.load(studio.public)
    good = studio.signed(make_setting())
    assert known.verified(good)
    if content is None:
        studio.public.unlink()
    else:
        studio.public.write_text(content)
    assert not known.verified(good)
    studio.public.unlink(missing_ok=True)
    studio.tell_machine()
    assert known.verified(good)


def test_a_real_machine_refuses_the_keys_of_the_demo_at_its_start_and_later(
    tmp_path: Path, make_setting: Callable[..., Setting]
) -> None:
    demo = Studio(tmp_path / "demo", tmp_path / "demo.json")
    folder.add(demo.home, "command", "demo-command")
    demo.tell_machine()
    with pytest.raises(ValueError, match="keys of the demo"):
        keys.load(demo.public, real=True)
    assert keys.load(demo.public).verified(demo.signed(make_setting()))

    own = Studio(tmp_path / "own", tmp_path / "own.json")
    folder.add(own.home, "command")
    own.tell_machine()
    known = keys.load(own.public, real=True)
    assert known.verified(own.signed(make_setting()))
    own.public.write_bytes(demo.public.read_bytes())
    assert not known.verified(demo.signed(make_setting()))
