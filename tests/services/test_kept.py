"""Lists with opened values stay while they are true and there is room, and no longer."""

from services.kept import SETTLE_S, Kept

MOST = 5


def test_rows_stay_for_their_version_alone() -> None:
    kept = Kept(MOST)
    kept.put("chain", 1, ("Chan",), kept.turn())
    assert kept.get("chain", 1) == ("Chan",)
    assert kept.get("site", 1) is None
    assert kept.get("chain", 2) is None
    assert kept.get("chain", 1) is None  # of another version is over


def test_what_nobody_asked_for_the_longest_goes_first() -> None:
    kept = Kept(MOST)
    for key in ("a", "b"):
        kept.put(key, 1, (key,) * 2, kept.turn())
    kept.get("a", 1)
    kept.put("c", 1, ("c",) * 3, kept.turn())
    assert kept.get("b", 1) is None
    assert kept.get("a", 1) is not None
    kept.put("d", 1, ("d",) * (MOST + 1), kept.turn())
    assert kept.get("d", 1) is None
    assert kept.get("a", 1) is not None


def test_what_is_read_while_all_is_forgotten_is_not_kept() -> None:
    now_s = [0.0]
    kept = Kept(MOST, lambda: now_s[0])
    turn = kept.turn()
    kept.put("chain", 1, ("Chan",), turn)
    kept.forget()
    assert kept.get("chain", 1) is None
    now_s[0] = SETTLE_S
    kept.put("chain", 1, ("Chan",), turn)
    assert kept.get("chain", 1) is None
    kept.put("chain", 1, ("Chan",), kept.turn())
    assert kept.get("chain", 1) == ("Chan",)


def test_for_half_a_minute_after_all_was_forgotten_nothing_is_kept() -> None:
    """A reader whose snapshot is older than the erasure may ask for its turn after it."""
    now_s = [0.0]
    kept = Kept(MOST, lambda: now_s[0])
    kept.forget()
    now_s[0] = SETTLE_S - 1
    kept.put("chain", 1, ("Chan",), kept.turn())
    assert kept.get("chain", 1) is None
    now_s[0] = SETTLE_S
    kept.put("chain", 1, ("Lee",), kept.turn())
    assert kept.get("chain", 1) == ("Lee",)
