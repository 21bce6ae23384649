"""What is measured is what it says: true requests, and a filter that is one."""

import numpy as np
import pytest

from ml import artifact
from ml.adjust import adjust, adjust_many
from ml.belief.kalman import Gaussian, update
from ml.request import Request
from ml.runner import write
from openspine.bench.adjust import OBSERVATIONS, measure, plain_filter, requests


@pytest.fixture(scope="module")
def asked() -> list[Request]:
    return requests(4, artifact.default())


def test_decisions_are_the_same_bytes_alone_and_in_any_batch(asked: list[Request]) -> None:
    effort = artifact.default()
    alone = [write(adjust(one, effort)) for one in asked]
    assert [write(one) for one in adjust_many(asked, effort)] == alone
    assert [write(one) for one in adjust_many(asked[::-1] * 9, effort)] == alone[::-1] * 9


def test_requests_follow_sets_of_different_people_and_kinds(asked: list[Request]) -> None:
    assert len({one.kind for one in asked}) == 4
    assert len({one.person for one in asked}) == 4
    for one in asked:
        assert one.sets
        assert one.sets[-1].reps
        assert one.belief is not None
        assert one.occasion != "plan"


def test_the_peer_is_the_same_filter() -> None:
    size, row = 7, (1.0, -0.8, 1.0, 1.0, 0.1, 0.0, 0.0)
    unit = tuple(tuple(float(one == other) for other in range(size)) for one in range(size))
    ours = update(Gaussian((0.0,) * size, unit), row, 0.1, 0.3)
    assert plain_filter(1) == pytest.approx(np.array(ours.mean))


def test_figures_stand_beside_their_goals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openspine.bench.adjust.BATCH", 2)
    told: list[str] = []
    found = measure(1, told.append)
    assert told
    assert found["batch_ms"]["requests"] == 2
    assert found["ratio"] == pytest.approx(found["batch_ms"]["value"] / found["peer_ms"]["value"], rel=0.1)
    assert str(found["sets"] * OBSERVATIONS) in found["peer_ms"]["is"]
    assert {found[name]["goal"] for name in ("alone_ms", "batch_ms")} == {4.0, 8.0}
