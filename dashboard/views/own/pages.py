"""A person's own pages in their order: name in the URL, title, view. The first is where one arrives."""

from collections.abc import Callable
from typing import Final

from dashboard.screen import Screen
from dashboard.views.own import (
    balance,
    changes,
    exercises,
    language,
    more,
    pain,
    progress,
    questions,
    report,
    visit,
)

PAGES: Final[tuple[tuple[str, str, Callable[[Screen], None]], ...]] = (
    ("next", "My next visit", visit.page),
    ("mypain", "My pain", pain.page),
    ("exercises", "Home exercises", exercises.page),
    ("mine", "My progress", progress.page),
    ("mybalance", "My balance", balance.page),
    ("changes", "Why it changed", changes.page),
    ("questions", "Questions", questions.page),
    ("myreport", "My report and my data", report.page),
    ("language", "Language", language.page),
    ("more", "More", more.page),
)
