"""Proofs of who one is: passphrase (Argon2id), one-time code (RFC 6238), PIN (scrypt), and tokens."""

import base64
import hashlib
import hmac
import secrets
from threading import Semaphore

import pyotp
from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

HASHES_AT_ONCE = 2  # each takes 64 MiB and some tens of milliseconds: strangers must not take the machine
MEMORY_KIB, PASSES, LANES = 65_536, 3, 4  # RFC 9106, second recommended choice
TOKEN_BYTES = 32
CODE_STEP_S = 30  # RFC 6238
CODE_STEPS_AROUND = 1  # a clock may be off by one step
# scrypt of the PIN with the code as salt, as machines prove it.
SCRYPT_COST, SCRYPT_BLOCK, SCRYPT_PARALLEL, SECRET_BYTES = 2**14, 8, 1, 32
NO_SEED = "A" * 32  # of an account without a second factor: its codes are compared as well, for the same time


class Proofs:
    """Checks proofs, at most two at a time; counts what it has hashed."""

    def __init__(self, memory_kib: int = MEMORY_KIB) -> None:
        argon = Argon2Hasher(time_cost=PASSES, memory_cost=memory_kib, parallelism=LANES)
        self._hasher = PasswordHash((argon,))
        self._nobody = _of_nobody(memory_kib)
        self._turn = Semaphore(HASHES_AT_ONCE)
        self.hashed = 0

    def keep(self, passphrase: str) -> str:
        """Hash a new passphrase for the store."""
        with self._turn:
            self.hashed += 1
            return self._hasher.hash(passphrase)

    def is_passphrase(self, given: str, kept: str | None) -> bool:
        """Compare with what the store keeps; without any the work is the same, and the answer no."""
        with self._turn:
            try:
                is_right = self._hasher.verify(given, kept or self._nobody)
            except UnknownHashError:
                return False
            self.hashed += 1
        return is_right and kept is not None

    def is_pin(self, pin: str, code: str, kept: bytes | None) -> bool:
        """Compare a PIN with what the store keeps; without any the work is the same, and the answer no."""
        with self._turn:
            self.hashed += 1
            made = hashlib.scrypt(
                pin.encode(),
                salt=code.encode(),
                n=SCRYPT_COST,
                r=SCRYPT_BLOCK,
                p=SCRYPT_PARALLEL,
                dklen=SECRET_BYTES,
            )
        return hmac.compare_digest(made, kept or bytes(SECRET_BYTES)) and kept is not None


def _of_nobody(memory_kib: int) -> str:
    """Write a hash that belongs to no passphrase, and takes as long to compare with as anybody's."""
    salt, made = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={memory_kib},t={PASSES},p={LANES}${salt}${made}"


def step_of_code(given: str, seed: str | None, now_ms: int) -> int | None:
    """Return the time step that a one-time code is of, or None; a step may be used once."""
    now_step = now_ms // 1_000 // CODE_STEP_S
    codes = pyotp.TOTP(seed or NO_SEED, interval=CODE_STEP_S)
    found = None
    for step in range(now_step - CODE_STEPS_AROUND, now_step + CODE_STEPS_AROUND + 1):
        if hmac.compare_digest(codes.generate_otp(step), given) and seed is not None:
            found = step
    return found


def new_seed() -> str:
    """Make the seed of a second factor (base32, 160 bits)."""
    return pyotp.random_base32()


def seed_address(seed: str, login: str, issuer: str = "OpenSpine") -> str:
    """Write what an authenticator app reads of a QR code."""
    return pyotp.TOTP(seed, interval=CODE_STEP_S).provisioning_uri(name=login, issuer_name=issuer)


def new_token() -> str:
    """Make an opaque token of 256 bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def kept_token(token: str) -> str:
    """Return what the store keeps of a token, SHA-256 in hex: whoever reads it can sign in with none."""
    return hashlib.sha256(token.encode()).hexdigest()
