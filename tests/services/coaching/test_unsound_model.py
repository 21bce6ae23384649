"""A model that says mad numbers: the person trains on, nothing rises or is spoiled, staff are told."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import nan

from scripted_studio import Studio
from trained_history import train_visits

from ml import sound
from ml.adjust import adjust_many
from ml.effort.features import SetFeatures
from ml.effort.model import Reserves
from services.store import tables


class Mad:
    """An effort model that knows no number."""

    name = "effort-mad"

    def estimate(self, rows: Sequence[SetFeatures]) -> list[Reserves]:
        return [Reserves(nan, nan, nan)] * len(rows)


def test_a_mad_model_raises_nothing_but_an_alert(studio: Studio) -> None:
    studio.desk = replace(studio.desk, adjust=partial(adjust_many, effort=Mad()), model=Mad.name)
    train_visits(studio, 2)
    doubted = [row for row in studio.rows(tables.decision) if sound.MODEL in row["set_aside"]]
    assert {row["raised"] for row in doubted} == {None}
    told = {(row["code"], row["severity"], row["detail"]) for row in studio.rows(tables.alert)}
    assert ("model_failed", "red", sound.MODEL) in told
    beliefs = studio.rows(tables.belief)
    assert beliefs != []
    assert all(sound.read_belief(row["latest"])[1] for row in beliefs)
    applied = [row for row in studio.rows(tables.setting) if row["state"] == "applied"]
    assert len(applied) >= 4
