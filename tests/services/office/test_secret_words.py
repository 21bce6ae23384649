"""Secrets are long enough, never the same, and kept as hashes."""

import re

from services.office import secret_words


def test_pins_and_codes_have_their_form() -> None:
    assert all(re.fullmatch("[0-9]{6}", secret_words.pin()) for _ in range(50))
    assert re.fullmatch("P-[0-9]{6}", secret_words.person_code())
    assert re.fullmatch("[0-9a-f]{32}", secret_words.claim_code())  # 128 bit


def test_no_code_comes_twice_and_none_is_kept() -> None:
    codes = {secret_words.claim_code() for _ in range(1_000)}
    assert len(codes) == 1_000
    code = codes.pop()
    assert code not in secret_words.hashed(code)
    assert secret_words.hashed(code) == secret_words.hashed(code)
