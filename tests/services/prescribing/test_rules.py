from dataclasses import replace

import pytest

from contract.machines import catalogue
from contract.messages import Envelope, SideRange
from services.prescribing.rules import mistakes
from services.prescribing.sign import DAY_MS, full_envelope

NOW_MS = 1_790_000_000_000
KIND = "lumbar_extension"  # 0-72 degrees, 100 kg at 0.40 m, 45 deg/s


def good(**changes: object) -> Envelope:
    full = full_envelope(KIND, now_ms=NOW_MS, phase_cap_g=20_000, max_torque_nm=100)
    return replace(full, **changes)  # type: ignore[arg-type]


def window(lowest: int, highest: int, first: int) -> dict[str, SideRange]:
    return {"both": SideRange(lowest_cdeg=lowest, highest_cdeg=highest, start_highest_cdeg=first)}


def wrong(envelope: Envelope) -> set[str]:
    return {field for field, _ in mistakes(envelope, catalogue()[KIND], NOW_MS)}


@pytest.mark.parametrize("kind", catalogue())
def test_the_usual_range_of_every_machine_can_be_signed(kind: str) -> None:
    full = full_envelope(kind, now_ms=NOW_MS, phase_cap_g=10_000, max_torque_nm=10)
    assert mistakes(full, catalogue()[kind], NOW_MS) == ()


@pytest.mark.parametrize(
    ("field", "inside", "outside"),
    [
        ("max_load_g", (0, 100, 100_000), (-100, 50, 100_100)),
        ("phase_cap_g", (0, 1, 100_000), (-1, 100_001)),
        ("max_torque_nm", (0, 392), (-1, 393)),
        ("max_speed_cdeg_s", (1, 4_500), (0, 4_501)),
        ("pain_amber_nrs", (3, 10), (2, 11)),
    ],
)
def test_every_figure_has_its_bounds(field: str, inside: tuple[int, ...], outside: tuple[int, ...]) -> None:
    assert all(wrong(good(**{field: value})) == set() for value in inside)
    assert all(wrong(good(**{field: value})) == {field} for value in outside)


@pytest.mark.parametrize(
    ("sides", "where"),
    [
        (window(0, 7_200, 7_200), set()),
        (window(-1, 7_200, 0), {"sides.both"}),
        (window(0, 7_201, 0), {"sides.both"}),
        (window(3_000, 3_000, 3_000), {"sides.both"}),
        (window(1_000, 3_000, 999), {"sides.both"}),
        (window(1_000, 3_000, 3_001), {"sides.both"}),
        ({"left": window(0, 10, 5)["both"]}, {"sides"}),
        ({}, {"sides"}),
    ],
)
def test_angles_lie_inside_the_machine_and_in_order(sides: dict[str, SideRange], where: set[str]) -> None:
    assert wrong(good(sides=sides)) == where


@pytest.mark.parametrize(
    ("days", "where"), [(0, {"valid_days"}), (1, set()), (42, set()), (43, {"valid_days"})]
)
def test_limits_live_for_42_days_at_most(days: int, where: set[str]) -> None:
    assert wrong(good(valid_until_ms=NOW_MS + days * DAY_MS)) == where
