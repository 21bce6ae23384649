"""How long a test may take: what pyproject.toml says, or longer where it is slow or counts in full."""

import pytest

LONG_S = 900


def lengthen(item: pytest.Item, *, is_full: bool) -> None:
    """Give a slow test, and a counted one with its full N, more time, unless it asks for its own."""
    is_long = item.get_closest_marker("slow") or (is_full and item.get_closest_marker("counted"))
    if is_long and item.get_closest_marker("timeout") is None:
        item.add_marker(pytest.mark.timeout(LONG_S))
