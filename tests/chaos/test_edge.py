"""True links and spools through cuts, delays, doubles, swaps and a dying broker to the real service."""

from collections.abc import Callable

import pytest

from openspine.chaos.edge import EdgeOptions, run

pytestmark = pytest.mark.broker


def silent(_line: str) -> None:
    pass


def test_nothing_is_lost_and_nothing_is_doubled(counted: Callable[[int], int], quick_retries: None) -> None:
    del quick_retries
    messages = counted(10_000)
    cuts = max(4, messages // 100)
    found = run(
        EdgeOptions(
            messages=messages, cuts=cuts, kills=max(1, messages // 3_000), half_open=messages // 10_000
        ),
        silent,
    )
    assert (found["lost"], found["doubled"], found["buried"], found["waiting"]) == (0, 0, 0, 0), found
    assert (found["messages"], found["cuts"]) == (messages, cuts)
    assert found["broker_kills"] > 0
    assert found["retries"] + found["duplicates_absorbed"] > 0
    assert found["takeovers"] == 0
    assert found["ok"]


def test_without_the_word_of_the_service_rows_are_lost(quick_retries: None) -> None:
    """Negative control: a PUBACK is not durability."""
    del quick_retries
    found = run(EdgeOptions(messages=400, cuts=0, kills=1, half_open=0, app_ack=False), silent)
    assert found["lost"] > 0, found
    assert not found["ok"]


def test_without_the_inbox_rows_are_doubled(quick_retries: None) -> None:
    """Negative control: what comes at least once must be recognised."""
    del quick_retries
    found = run(EdgeOptions(messages=300, cuts=0, kills=0, half_open=0, dedupe=False), silent)
    assert (found["lost"], found["messages"]) == (0, 300), found
    assert found["doubled"] > 0
    assert not found["ok"]
