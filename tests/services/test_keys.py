from pathlib import Path
from stat import S_IMODE

import msgspec
from builders import an_envelope
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract import signing
from services import keys


def test_the_folder_is_made_once_and_read_again(tmp_path: Path) -> None:
    first = keys.open_keys(tmp_path / "keys")
    second = keys.open_keys(tmp_path / "keys")

    assert first.site == second.site
    assert first.command.key.sign(b"a") == second.command.key.sign(b"a")
    assert first.command.key.sign(b"a") != first.envelope.key.sign(b"a")


def test_only_the_owner_may_read_the_secrets(tmp_path: Path) -> None:
    keys.open_keys(tmp_path)

    assert {S_IMODE((tmp_path / name).stat().st_mode) for name in ("command", "envelope", "site")} == {0o600}


def test_agents_verify_with_the_published_key_of_that_use_only(tmp_path: Path) -> None:
    signed = keys.open_keys(tmp_path).envelope.sign_envelope(an_envelope(key_id="?"))

    public = msgspec.json.decode((tmp_path / keys.PUBLIC_FILE).read_bytes())
    by_use = {row["use"]: bytes.fromhex(row["public"]) for row in public.values()}
    assert public[signed.key_id]["use"] == "envelope"
    assert signing.is_signed_by(signed, Ed25519PublicKey.from_public_bytes(by_use["envelope"]))
    assert not signing.is_signed_by(signed, Ed25519PublicKey.from_public_bytes(by_use["command"]))


def test_a_subject_names_the_badge_only_to_who_has_the_site_key() -> None:
    assert keys.subject(b"a", "badge") != keys.subject(b"b", "badge")
    assert keys.subject(b"a", "badge") != keys.subject(b"a", "other")
    assert len(keys.subject(b"a", "badge")) == 32
