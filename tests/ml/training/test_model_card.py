"""The page says what the card says; docs/model-card.md is that page."""

from pathlib import Path

import pytest
from artifact_workshop import margins

from ml import artifact
from ml.artifact import Card, Refused
from ml.training import model_card

PAGE = Path(__file__).parents[3] / "docs" / "model-card.md"


@pytest.fixture
def card() -> Card:
    found = artifact.read_card(artifact.shipped())
    assert isinstance(found, Card)
    return found


def test_the_written_page_is_the_one_of_the_shipped_artifact(card: Card) -> None:
    signed_by = artifact.signer(artifact.shipped())
    assert not isinstance(signed_by, Refused)
    expected = model_card.page(card, signed_by)
    assert PAGE.read_text(encoding="utf-8") == expected, f"stale: run `{model_card.COMMAND}`"


def test_every_figure_and_feature_is_on_the_page(card: Card) -> None:
    page = model_card.page(card, "model-1")
    assert all(f"| {name} |" in page for name in card.features)
    assert all(f"| {value:g} |" in page for value in card.figures.values())
    assert card.sha256 in page
    assert f"N = {card.sets} " in page
    assert "signed by `model-1`" in page


def test_parts_of_the_people_make_a_table() -> None:
    rows: list[list[float | None]] = [[0.0]]
    card = Card(
        features=("reps",),
        margins=margins(),
        bound_from=7.0,
        seed=1,
        people=1,
        sets=1,
        table="t",
        figures={},
        golden_rows=rows,
        strata={"women": {"sets": 40, "coverage": 0.79}, "men": {"sets": 30}},
    )
    page = model_card.page(card, None)
    assert "| women | 40 | 0.79 |" in page
    assert "| men | 30 | - |" in page
    assert "**not signed**" in page
