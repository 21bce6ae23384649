"""Proofs of who one is."""

import threading

import pyotp
import pytest

from services.access.proof import (
    CODE_STEP_S,
    HASHES_AT_ONCE,
    Proofs,
    kept_token,
    new_seed,
    new_token,
    seed_address,
    step_of_code,
)
from services.coaching.enrol import pin_secret

NOW_MS = 1_763_721_000_000
CHEAP_KIB = 64


def test_a_passphrase_is_known_again_and_no_other() -> None:
    proofs = Proofs(CHEAP_KIB)
    kept = proofs.keep("kettle umbra vowel")
    assert kept.startswith("$argon2id$")
    assert proofs.is_passphrase("kettle umbra vowel", kept)
    assert not proofs.is_passphrase("kettle umbra vowels", kept)
    assert not proofs.is_passphrase("kettle umbra vowel", "no hash at all")


def test_nobody_costs_as_much_as_somebody_and_is_never_right() -> None:
    proofs = Proofs(CHEAP_KIB)
    assert not proofs.is_passphrase("kettle umbra vowel", None)
    assert not proofs.is_pin("123456", "P01", None)
    assert proofs.hashed == 2
    standing_in, real = proofs._nobody, proofs.keep("kettle umbra vowel")
    assert standing_in.split("$")[:4] == real.split("$")[:4]


def test_a_pin_is_compared_as_machines_do() -> None:
    kept = pin_secret("123456", "P01")
    assert Proofs(CHEAP_KIB).is_pin("123456", "P01", kept)
    assert not Proofs(CHEAP_KIB).is_pin("123457", "P01", kept)
    assert not Proofs(CHEAP_KIB).is_pin("123456", "P02", kept)


def test_at_most_two_hashes_at_once() -> None:
    proofs = Proofs(CHEAP_KIB)
    inside, most, lock = 0, 0, threading.Lock()

    class Counting:
        def verify(self, _given: str, _kept: str) -> bool:
            nonlocal inside, most
            with lock:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.02)
            with lock:
                inside -= 1
            return False

    proofs._hasher = Counting()  # type: ignore[assignment]
    threads = [threading.Thread(target=proofs.is_passphrase, args=("x", None)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == HASHES_AT_ONCE


@pytest.mark.parametrize(
    ("late_steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_holds_for_one_step_around(late_steps: int, *, is_taken: bool) -> None:
    seed = new_seed()
    code = pyotp.TOTP(seed).at(NOW_MS // 1_000)
    found = step_of_code(code, seed, NOW_MS + late_steps * CODE_STEP_S * 1_000)
    assert (found == NOW_MS // 1_000 // CODE_STEP_S) is is_taken


def test_without_a_second_factor_no_code_is_right() -> None:
    code = pyotp.TOTP("A" * 32).at(NOW_MS // 1_000)
    assert step_of_code(code, None, NOW_MS) is None


def test_tokens_differ_and_are_kept_as_a_digest() -> None:
    first, second = new_token(), new_token()
    assert first != second
    assert len(kept_token(first)) == 64
    assert first not in kept_token(first)


def test_the_address_of_a_seed_names_issuer_and_account() -> None:
    assert seed_address("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "mei").startswith(
        "otpauth://totp/OpenSpine:mei?secret="
    )
