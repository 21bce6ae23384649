"""How often one may try to sign in."""

from hypothesis import given
from hypothesis import strategies as st

from services.access.tries import LOCK_MOST_MS, MOST, WINDOW_MS, Tries, begin, succeed

HOUR_MS = 3_600_000


def _begun(before: Tries, now_ms: int) -> Tries:
    found = begin(before, "account", now_ms)
    assert isinstance(found, Tries)
    return found


def _guess(gaps_ms: list[int]) -> list[int]:
    """Try wrongly after each gap; returns the times at which a proof was looked at."""
    tries, now_ms, judged = Tries(), 10**12, []
    for gap_ms in gaps_ms:
        now_ms += gap_ms
        found = begin(tries, "account", now_ms)
        if isinstance(found, Tries):
            tries = found
            judged.append(now_ms)
    return judged


@given(st.lists(st.integers(min_value=0, max_value=20 * 60_000), min_size=6, max_size=200))
def test_no_window_ever_holds_a_sixth(gaps_ms: list[int]) -> None:
    judged = _guess(gaps_ms)
    for first, sixth in zip(judged, judged[MOST["account"] :], strict=False):
        assert sixth - first >= WINDOW_MS


def test_a_day_of_guessing_every_second_gets_less_and_less() -> None:
    judged = _guess([1_000] * 86_400)
    assert len(judged) < 96 * MOST["account"] / 4


def test_the_lock_grows_to_its_most_and_is_forgotten_after_a_day() -> None:
    tries, now_ms, locks = Tries(), 10**12, []
    for _ in range(8):
        for _ in range(MOST["account"]):
            tries = _begun(tries, now_ms)
        locks.append(tries.locked_until_ms - now_ms)
        now_ms = tries.locked_until_ms
    assert locks[:3] == [WINDOW_MS, 2 * WINDOW_MS, 4 * WINDOW_MS]
    assert max(locks) == locks[-1] == LOCK_MOST_MS
    now_ms += 25 * HOUR_MS
    for _ in range(MOST["account"]):
        tries = _begun(tries, now_ms)
    assert tries.locked_until_ms - now_ms == WINDOW_MS


def test_who_was_right_has_all_tries_again_but_the_device_keeps_what_others_did() -> None:
    account = device = Tries()
    for _ in range(4):
        account, device = _begun(account, 10**12), _begun(device, 10**12)
    assert succeed(account, "account") == Tries()
    assert succeed(device, "device").count == 3


def test_the_last_try_may_still_be_right() -> None:
    tries = Tries()
    for _ in range(MOST["account"]):
        tries = _begun(tries, 10**12)
    assert isinstance(begin(tries, "account", 10**12 + 1), int)
    assert isinstance(begin(succeed(tries, "account"), "account", 10**12 + 1), Tries)
