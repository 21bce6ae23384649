"""Secrets that the office hands out once: PINs, codes of people, one-time codes of machines."""

import hashlib
import secrets

PIN_DIGITS = 6
CODE_DIGITS = 6
CLAIM_BYTES = 16  # 128 bit


def pin() -> str:
    """Make a PIN."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"


def person_code() -> str:
    """Make the code that a person types at a machine."""
    return f"P-{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def claim_code() -> str:
    """Make a one-time code of 128 bit."""
    return secrets.token_hex(CLAIM_BYTES)


def hashed(code: str) -> str:
    """Return what is kept of a one-time code: its SHA-256 (hex)."""
    return hashlib.sha256(code.encode()).hexdigest()
