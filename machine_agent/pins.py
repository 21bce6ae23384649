"""PINs: proofs for the service, hashes for staff at the machine, and a lock-out for both."""

import hashlib
import hmac

TRIES_MOST = 5  # in 15 minutes (protocol page, `sign_in`)
TRIES_WINDOW_MS = 15 * 60 * 1_000
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1  # scrypt's interactive parameters: 16 MiB, about 50 ms
_SUBJECT_BYTES = 16


def stretched(pin: str, code: str) -> bytes:
    """Stretch a PIN (about 50 ms): what the service keeps of it, too."""
    return _scrypt(pin, code.encode())


def proof(stretched_pin: bytes, nonce: str) -> str:
    """Prove the knowledge of a PIN without sending it: HMAC-SHA256(scrypt(pin, code), nonce) in hex."""
    return hmac.new(stretched_pin, nonce.encode(), hashlib.sha256).hexdigest()


def staff_hash(pin: str, salt_hex: str) -> str:
    """Make the line that stands in the machine's configuration: salt$hash, both hex."""
    return f"{salt_hex}${_scrypt(pin, bytes.fromhex(salt_hex)).hex()}"


def is_staff(pin: str, hashes: tuple[str, ...]) -> bool:
    """Tell whether this is the PIN of one of the staff."""
    return any(hmac.compare_digest(staff_hash(pin, line.partition("$")[0]), line) for line in hashes)


def subject(site_key: bytes, identity: str) -> str:
    """Turn a badge or code into the reference that a signed envelope carries (hex of 16 bytes)."""
    return hmac.new(site_key, identity.encode(), hashlib.sha256).digest()[:_SUBJECT_BYTES].hex()


class Tries:
    """At most five tries in a quarter of an hour."""

    def __init__(self) -> None:
        self._at_ms: list[int] = []

    def is_locked(self, mono_ms: int) -> bool:
        """Tell whether no further try is allowed now."""
        self._at_ms = [at for at in self._at_ms if mono_ms - at < TRIES_WINDOW_MS]
        return len(self._at_ms) >= TRIES_MOST

    def left_ms(self, mono_ms: int) -> int:
        """Say how long no try is allowed (real ms); 0 when one is allowed now."""
        return self._at_ms[-TRIES_MOST] + TRIES_WINDOW_MS - mono_ms if self.is_locked(mono_ms) else 0

    def count(self, mono_ms: int) -> None:
        """Count a try."""
        self._at_ms.append(mono_ms)

    def forget(self) -> None:
        """Start again after a success."""
        self._at_ms.clear()


def _scrypt(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL, dklen=32)
