from dataclasses import replace

from builders import a_plan, a_setting, an_envelope
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import codec, signing, topics
from contract.messages import Envelope, Plan, Setting

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def test_a_signature_holds_for_its_key_only() -> None:
    pairs: list[tuple[Envelope | Setting | Plan, Envelope | Setting | Plan]] = [
        (an_envelope(), signing.sign(an_envelope(), KEY)),
        (a_setting(), signing.sign(a_setting(), KEY)),
        (a_plan(), signing.sign(a_plan(), KEY)),
    ]
    for message, signed in pairs:
        assert signing.is_signed_by(signed, KEY.public_key())
        assert not signing.is_signed_by(signed, OTHER.public_key())
        assert not signing.is_signed_by(message, KEY.public_key())


def test_any_change_breaks_it() -> None:
    signed = signing.sign(a_setting(), KEY)
    for changed in (replace(signed, load_g=20_100), replace(signed, why=()), replace(signed, key_id="x")):
        assert not signing.is_signed_by(changed, KEY.public_key())


def test_the_signature_survives_the_wire() -> None:
    signed = signing.sign(a_plan(), KEY)
    read = codec.decode_down(topics.name("real", "row-1", "down/plan"), codec.encode(signed))
    assert isinstance(read, Plan)
    assert signing.is_signed_by(read, KEY.public_key())


def test_signed_bytes_are_sorted_compact_and_free_of_nulls() -> None:
    text = signing.signed_bytes(a_plan()).decode()
    assert text.startswith('{"ceiling_g":0,"clock":"wall","envelope":{')
    assert "null" not in text
    assert ": " not in text.replace("Mrs Chan", "")


def test_a_word_that_looks_like_a_null_is_signed_as_it_is() -> None:
    text = signing.signed_bytes(a_plan(greeting="null", settings=(a_setting(),))).decode()
    assert '"greeting":"null"' in text
    assert text.replace('"null"', "").count("null") == 0
