"""How long a sign-in lasts."""

from services.access.actor import Role

MINUTE_MS = 60_000
STAFF_IDLE_MS = 15 * MINUTE_MS
STAFF_MOST_MS = 8 * 60 * MINUTE_MS  # a working day
PATIENT_MOST_MS = 30 * MINUTE_MS
STEP_UP_MS = 5 * MINUTE_MS
INVITATION_MS = 72 * 60 * MINUTE_MS  # over a weekend
SCREEN_CODE_MS = 10 * MINUTE_MS
SEEN_EVERY_MS = MINUTE_MS  # a token's last use is written that often at most


def idle_ms(role: Role) -> int:
    """Say after how long without a request a sign-in ends."""
    return PATIENT_MOST_MS if role == "patient" else STAFF_IDLE_MS


def most_ms(role: Role) -> int:
    """Say after how long a sign-in ends in any case."""
    return PATIENT_MOST_MS if role == "patient" else STAFF_MOST_MS
