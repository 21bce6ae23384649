from artifact_workshop import Workshop
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ml.artifact import seal
from ml.artifact.card import Refused


def test_the_key_that_signed_is_named(workshop: Workshop) -> None:
    made = seal.encode(seal.sign(b"card", workshop.key))
    assert seal.vouched(b"card", made, workshop.terms.keys) == workshop.key_id


def test_one_other_byte_of_the_card_breaks_the_seal(workshop: Workshop) -> None:
    made = seal.encode(seal.sign(b"card", workshop.key))
    assert isinstance(seal.vouched(b"care", made, workshop.terms.keys), Refused)


def test_a_valid_seal_of_another_key_is_refused(workshop: Workshop) -> None:
    made = seal.sign(b"card", workshop.stranger)
    found = seal.vouched(b"card", seal.encode(made), workshop.terms.keys)
    assert found == Refused(reason=f"signed by {made.key_id}, which is no key of this service")


def test_another_key_under_a_known_name_is_refused(workshop: Workshop) -> None:
    name = workshop.key_id
    made = seal.encode(seal.Seal(key_id=name, sig=seal.sign(b"card", workshop.stranger).sig))
    assert seal.vouched(b"card", made, workshop.terms.keys) == Refused(
        reason=f"the signature is not of {name}"
    )


def test_what_is_no_seal_is_refused_and_differs_from_none(workshop: Workshop) -> None:
    for wrong in (b"", b"{}", b'{"key_id": "model", "sig": "xx"}', b"\xff"):
        found = seal.vouched(b"card", wrong, workshop.terms.keys)
        assert isinstance(found, Refused)
        assert found is not seal.UNSIGNED
    assert seal.vouched(b"card", None, workshop.terms.keys) is seal.UNSIGNED


def test_a_signature_for_another_purpose_does_not_count(workshop: Workshop) -> None:
    name = workshop.key_id
    made = seal.encode(seal.Seal(key_id=name, sig=workshop.key.sign(b"card").hex()))
    assert isinstance(seal.vouched(b"card", made, workshop.terms.keys), Refused)


def test_release_keys_are_keys_named_by_their_public_part() -> None:
    for name, public in seal.RELEASE_KEYS.items():
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        assert name == seal.key_id_of(public)
