from pathlib import Path

import pytest

from emulator.conformance import page
from emulator.conformance.rules import RULES

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_lists_the_rules_as_they_are() -> None:
    text = (DOCS / "conformance.md").read_text(encoding="utf-8")
    assert page.with_table(text, RULES) == text, "run python -m emulator.conformance docs/conformance.md"


def test_every_rule_points_at_a_section_of_the_protocol_page() -> None:
    anchors = page.anchors((DOCS / "protocol.md").read_text(encoding="utf-8"))
    assert {one.section for one in RULES} <= anchors


def test_there_are_more_than_forty_rules_each_with_its_own_id() -> None:
    assert len({one.id for one in RULES}) == len(RULES) > 40
    assert {one.level for one in RULES} == {"basic", "full"}


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="rules: begin"):
        page.with_table("# Rules\n", RULES)


def test_anchors_are_made_as_a_browser_of_the_page_makes_them() -> None:
    assert page.anchors("# A `setting`, refused\ntext\n## Two words\n") == {"a-setting-refused", "two-words"}
