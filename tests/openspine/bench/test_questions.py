"""What screens ask: paths that the API has, for roles that there are."""

import json
import re
from pathlib import Path

import pytest

from openspine.bench.questions import QUESTIONS
from openspine.bench.scans import new

WRITTEN = Path(__file__).parents[3] / "docs" / "openapi.json"


def test_every_path_is_one_of_the_api() -> None:
    paths = {
        re.sub(r"\{\w+\}", "*", path)
        for path, verbs in json.loads(WRITTEN.read_text(encoding="utf-8"))["paths"].items()
        if "get" in verbs
    }
    asked = {re.sub(r"\{\w+\}", "*", one.path.partition("?")[0]) for one in QUESTIONS}
    assert asked <= paths


def test_names_come_once() -> None:
    assert len({one.name for one in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize(
    ("after", "told"), [({"rep": 3}, {}), ({"rep": 5, "setting": 1}, {"rep": 2, "setting": 1})]
)
def test_only_new_scans_are_told(after: dict[str, int], told: dict[str, int]) -> None:
    assert new({"rep": 3}, after) == told
