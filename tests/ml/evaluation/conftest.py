"""Generated tables in the layouts that `evaluate` reads: invented people, no real data."""

from collections.abc import Callable

import numpy as np
import pytest

from ml.forecast import stage

SETS_HEADER = (
    "site_id,participant_id,condition,day,exercise,machine_type,weight_kg,reps_recorded,estimated_1RM"
)
SLOPE_MEAN, SLOPE_CV = 0.0386, 0.47  # endurance slope of people (science 2.1)


def sets_csv(people: int, seed: int, sets: int = 8) -> list[str]:
    """Lifters on two machines, weekly: a trainer raises the load by 3 % after nine reps or more."""
    draw = np.random.default_rng(seed)
    lines = [SETS_HEADER]
    for person in range(people):
        for machine, kind in (("Press", "lp"), ("Pull", "pd")):
            able, slope = np.exp(draw.normal(4.5, 0.3)), 0.035 * np.exp(draw.normal(0.0, 0.3))
            load = able / (1.0 + slope * draw.integers(7, 12))
            for week in range(sets):
                today = able * np.exp(0.004 * week + draw.normal(0.0, 0.03))
                reps = max(round((today / load - 1.0) / slope), 2)
                lines.append(f"1.0,{person}.0,fROM,{7 * week},{machine},{kind},{load:.4f},{reps}.0,999")
                load *= 1.03 if reps >= 9 else 1.0
    return lines


def one_rm_csv(people: int, seed: int, shares: tuple[float, ...] = (0.9, 0.8, 0.7)) -> list[str]:
    """Reps to failure at shares of the 1RM; the slope differs between people as published."""
    draw = np.random.default_rng(seed)
    spread = np.sqrt(np.log(1.0 + SLOPE_CV**2))
    lines = ["person,one_rm_kg,weight_kg,reps"]
    for person in range(people):
        slope = np.exp(np.log(SLOPE_MEAN) - spread**2 / 2.0 + spread * draw.normal())
        one_rm = np.exp(draw.normal(4.5, 0.3))
        for share in shares:
            reps = max(int((1.0 / share - 1.0) / slope + draw.normal(0.0, 0.6)), 1)
            lines.append(f"p{person},{one_rm:.3f},{one_rm * share:.3f},{reps}")
    return lines


def times_csv(people: int, seed: int) -> list[str]:
    """Seconds to failure on six machines: people differ more than their machines do."""
    draw = np.random.default_rng(seed)
    lines = ["id,location,core_assisted,machine,tul"]
    for person in range(people):
        own = draw.normal(120.0, 14.0)
        head = f"{person},{person % 3},assisted"
        lines += [
            f"{head},{name},{own + draw.normal(0.0, 6.0):.0f}" for name in ("A3", "B1", "C3", "C7", "F2.1")
        ]
    return lines


Lines = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def _few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests quick: how good the stage is at full size is for the real table to say."""
    monkeypatch.setattr(stage, "TREES", 20)
    monkeypatch.setattr(stage, "SEEDS", 1)
    monkeypatch.setattr(stage, "LEAST_IN_LEAF", 100)


@pytest.fixture
def sets_lines() -> Lines:
    return sets_csv


@pytest.fixture
def one_rm_lines() -> Lines:
    return one_rm_csv


@pytest.fixture
def times_lines() -> Lines:
    return times_csv
