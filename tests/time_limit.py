"""How long a test may take: what pyproject.toml says, or longer with a broker of its own, slow or full."""

import pytest

LONG_S = 900
FULL_S = 3_000  # ten thousand worlds, a million events, beside other tests
BESIDE_S = (
    330  # a busy computer starts broker and service in minutes; below `QUICK` of openspine/checks/steps.py
)


def lengthen(item: pytest.Item, *, is_full: bool) -> None:
    """Give a test with processes of its own more time, a slow one much, a wholly counted one the most.

    A test that asks for its own limit keeps it.
    """
    if item.get_closest_marker("timeout") is not None:
        return
    if is_full and item.get_closest_marker("counted"):
        item.add_marker(pytest.mark.timeout(FULL_S))
    elif item.get_closest_marker("slow"):
        item.add_marker(pytest.mark.timeout(LONG_S))
    elif item.get_closest_marker("broker"):
        item.add_marker(pytest.mark.timeout(BESIDE_S))
