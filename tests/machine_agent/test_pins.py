import hashlib
import hmac

from machine_agent import pins


def test_a_proof_is_the_hmac_of_the_nonce_under_the_stretched_pin() -> None:
    key = hashlib.scrypt(b"1234", salt=b"4711", n=16_384, r=8, p=1, dklen=32)
    stretched = pins.stretched("1234", "4711")
    assert pins.proof(stretched, "ab") == hmac.new(key, b"ab", hashlib.sha256).hexdigest()
    assert pins.proof(stretched, "ac") != pins.proof(stretched, "ab")


def test_a_subject_is_sixteen_bytes_of_hmac() -> None:
    expected = hmac.new(b"site", b"badge", hashlib.sha256).hexdigest()[:32]
    assert pins.subject(b"site", "badge") == expected


def test_staff_are_known_by_their_hash() -> None:
    hashes = (pins.staff_hash("1111", "aa"), pins.staff_hash("2222", "bb"))
    assert pins.is_staff("2222", hashes)
    assert not pins.is_staff("3333", hashes)
    assert not pins.is_staff("1111", ())
    assert "1111" not in hashes[0]


def test_five_tries_in_a_quarter_of_an_hour() -> None:
    tries = pins.Tries()
    for at_ms in range(5):
        assert not tries.is_locked(at_ms)
        tries.count(at_ms)
    assert tries.is_locked(899_999)
    assert not tries.is_locked(900_000)
    for _ in range(4):
        tries.count(900_000)
    tries.forget()
    assert not tries.is_locked(900_000)
