import subprocess
import sys
from pathlib import Path
from stat import S_IMODE

import msgspec
from builders import an_envelope
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract import signing
from services.keys.demo import PRESCRIBING_FOLDER, open_keys
from services.keys.folder import PUBLIC_FILE


def test_the_folder_is_made_once_and_read_again(tmp_path: Path) -> None:
    first = open_keys(tmp_path / "keys")
    second = open_keys(tmp_path / "keys")

    assert first.site == second.site
    assert first.command.key.sign(b"a") == second.command.key.sign(b"a")
    assert first.command.key.sign(b"a") != first.envelope.key.sign(b"a")


def test_only_the_owner_may_read_the_secrets_and_each_use_has_its_own_folder(tmp_path: Path) -> None:
    open_keys(tmp_path)

    secrets = [tmp_path / "demo-command.private", tmp_path / PRESCRIBING_FOLDER / "demo-envelope.private"]
    assert sorted(tmp_path.rglob("*.private")) == sorted(secrets)
    assert {S_IMODE(path.stat().st_mode) for path in (*secrets, tmp_path / "site")} == {0o600}


def test_agents_verify_with_the_published_key_of_that_use_only(tmp_path: Path) -> None:
    signed = open_keys(tmp_path).envelope.sign_envelope(an_envelope(key_id="?"))

    public = msgspec.json.decode((tmp_path / PUBLIC_FILE).read_bytes())
    by_use = {row["use"]: bytes.fromhex(row["public"]) for row in public.values()}
    assert public[signed.key_id]["use"] == "envelope"
    assert signing.is_signed_by(signed, Ed25519PublicKey.from_public_bytes(by_use["envelope"]))
    assert not signing.is_signed_by(signed, Ed25519PublicKey.from_public_bytes(by_use["command"]))


def test_the_running_service_never_loads_what_opens_the_envelope_key() -> None:
    """The import rule says it of the sources; this says it of the process."""
    program = "import sys, services.app; print(*sorted(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = ended.stdout.split()
    assert "services.keys.command" in loaded
    assert not [
        name for name in loaded if name.startswith(("services.keys.envelope", "services.prescribing"))
    ]
