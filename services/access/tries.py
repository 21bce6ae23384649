"""How often one may try to sign in: counted before anything is checked, with locks that grow.

An account is counted apart at an enrolled screen, and at an address that let its owner in within a day: what
strangers try elsewhere locks nobody out there.
"""

from dataclasses import dataclass, replace
from typing import Literal

What = Literal["account", "device", "everybody"]
MINUTE_MS = 60_000
WINDOW_MS = 15 * MINUTE_MS
LOCK_MOST_MS = 4 * 60 * MINUTE_MS  # a lock that never ends would let a stranger keep staff out
FORGOTTEN_MS = 24 * 60 * MINUTE_MS  # of the last try: locks no longer grow on what was before
MOST: dict[What, int] = {
    "account": 5,  # of 10^6 PINs or codes: .05 % a day at the worst, and less as the lock grows
    "device": 20,  # several people share a studio's screen
    "everybody": 200,  # all strangers together; enrolled screens go on
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """What was tried on one account, from one device, or by everybody."""

    count: int = 0  # in this window, each one begun
    since_ms: int = 0
    locks: int = 0  # in a row
    locked_until_ms: int = 0
    last_ms: int = 0


def begin(before: Tries, what: What, now_ms: int) -> Tries | int:
    """Count a try before it is judged; or return for how many milliseconds nothing may be tried.

    An account forgets only after a window without any try: no window of 15 minutes ever holds a sixth.
    """
    if now_ms < before.locked_until_ms:
        return before.locked_until_ms - now_ms
    counted_from_ms = before.last_ms if what == "account" else before.since_ms
    is_over = before.locked_until_ms > 0 or now_ms - counted_from_ms >= WINDOW_MS
    locks = 0 if now_ms - before.last_ms >= FORGOTTEN_MS else before.locks
    count = 1 if is_over else before.count + 1
    begun = Tries(count=count, since_ms=now_ms if is_over else before.since_ms, locks=locks, last_ms=now_ms)
    if count < MOST[what]:
        return begun
    lock_ms = min(WINDOW_MS * 2**locks, LOCK_MOST_MS) if what == "account" else WINDOW_MS
    return replace(begun, locks=locks + 1, locked_until_ms=now_ms + lock_ms)


def succeed(before: Tries, what: What) -> Tries:
    """Take back the try that was right; it clears the account only, or its owner could clear a device."""
    if what == "account":
        return Tries()
    return replace(before, count=max(before.count - 1, 0), locked_until_ms=0)
