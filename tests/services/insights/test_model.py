"""How the model does: figures from rows, weeks that begin on Monday, and no judgement of too little."""

import json
from datetime import UTC, datetime
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import pytest

from ml.artifact.card import Card, decode
from ml.monitoring.drift import LEAST_BANDS, LEAST_SETS, Bins
from services.insights import model
from services.store.tally import MONDAY_MS, WEEK_MS


def a_set(**changes: Any) -> Any:
    row = {"features": [1.0, None], "innovation": 0.1, "source": "reported", "band_held": True}
    return SimpleNamespace(**(row | changes))


def a_card(reference: dict[str, Bins]) -> Any:
    return SimpleNamespace(reference=reference)


CARD = files("ml").joinpath("artifacts", "card.json")
REFERENCE = {
    "reps": Bins(edges=(0.5,), shares=(0.5, 0.5), missing=0.0),
    "speed_ratio": Bins(edges=(0.5,), shares=(0.5, 0.5), missing=1.0),
}


def test_missing_features_come_through_as_missing() -> None:
    found = model.drift_of(a_card(REFERENCE), [a_set()] * LEAST_SETS)
    assert found.sets == LEAST_SETS
    reps, speed = found.inputs
    assert [one.verdict for one in found.recent] == ["not_enough_data"] * 2
    assert reps.verdict == "drifted"
    assert (speed.psi, speed.verdict) == (0.0, "steady")
    assert (found.coverage.sets, found.coverage.share) == (LEAST_SETS, 1.0)
    assert found.innovations.mean == 0.1


def test_without_a_card_inputs_are_not_compared_and_rows_of_another_version_are_left_out() -> None:
    assert model.drift_of(None, [a_set()] * LEAST_SETS).inputs == ()
    other = [a_set(features=[1.0])] * LEAST_SETS
    assert [one.sets for one in model.drift_of(a_card(REFERENCE), other).inputs] == [0, 0]


def test_bands_are_judged_where_the_truth_is_known() -> None:
    rows = [a_set(band_held=None)] * 50 + [a_set(band_held=False)] * LEAST_BANDS
    found = model.drift_of(None, rows).coverage
    assert (found.sets, found.inside, found.share) == (LEAST_BANDS, 0, 0.0)


def test_weeks_begin_on_monday() -> None:
    now_ms = int(datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp() * 1_000)
    began_ms = model.since_ms(now_ms)
    assert datetime.fromtimestamp(began_ms / 1_000, tz=UTC).weekday() == 0
    assert 11 * WEEK_MS <= now_ms - began_ms < 12 * WEEK_MS
    assert datetime.fromtimestamp(MONDAY_MS / 1_000, tz=UTC) == datetime(1970, 1, 5, tzinfo=UTC)


def test_a_week_without_an_applied_setting_has_no_share() -> None:
    counts = {"week": 2, "policy": "steady", "settings": 4, "refused": 1, "expired": 1, "narrowed": 1}
    counts |= {"too_heavy": 1, "staff": 0}
    none = SimpleNamespace(**counts, applied=0, overridden=0)
    some = SimpleNamespace(**counts, applied=2, overridden=1)
    assert [one.share for one in model.overrides([none, some])] == [None, 0.5]  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("ended_by", "said", "hard"),
    [
        ("tempo", None, True),
        ("target", "0", True),
        ("target", "1-2", False),
        ("too_heavy", "many", False),
        ("target", None, None),
        (None, None, None),
    ],
)
def test_what_a_set_says_of_too_hard(ended_by: str | None, said: str | None, hard: bool | None) -> None:
    row = SimpleNamespace(
        champion_load_g=1,
        load_g=1,
        champion_raised=False,
        raised=False,
        agrees=True,
        violations=0,
        failed=None,
        champion_p_too_hard=0.5,
        p_too_hard=0.5,
        ended_by=ended_by,
        rir=said,
    )
    found = model.shadow_report([row])  # type: ignore[list-item]
    assert found.champion.sets == (0 if hard is None else 1)
    assert model._too_hard(ended_by, said) is hard


def test_the_card_says_what_the_shipped_model_was_made_of() -> None:
    card = json.loads(CARD.read_bytes())
    found = model.card_of(opened_card())
    assert found is not None
    assert (found.people, found.sets) == (card["people"], card["sets"])
    assert found.mae_of_median_reps == card["figures"]["mae_of_the_median_reps"] > found.mae_reps
    assert [part.name for part in found.parts] == sorted(card["strata"])
    assert found.parts[0].sets == card["strata"][found.parts[0].name]["sets"]
    assert model.card_of(None) is None


def opened_card() -> Card:
    found = decode(CARD.read_bytes())
    assert isinstance(found, Card)
    return found
