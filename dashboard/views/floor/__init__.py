"""The studio floor: every machine as it is now, who needs a hand, and what staff do about it."""

from dashboard.views.floor.whole import page

__all__ = ["page"]
