from types import SimpleNamespace
from typing import Any

from services.insights.floor import in_force


def setting(seq: int, state: str, set_number: int = 1) -> Any:
    return SimpleNamespace(seq=seq, state=state, set_number=set_number)


def test_newest_applied_setting_is_in_force() -> None:
    rows = [setting(1, "planned"), setting(2, "applied"), setting(3, "applied"), setting(4, "pending")]
    assert in_force(rows, 1) is rows[2]


def test_plan_row_is_in_force_while_nothing_was_applied() -> None:
    rows = [setting(1, "planned"), setting(4, "pending")]
    assert in_force(rows, 1) is rows[0]


def test_refused_and_expired_settings_are_never_in_force() -> None:
    assert in_force([setting(1, "refused"), setting(2, "expired"), setting(3, "applied", 2)], 1) is None
