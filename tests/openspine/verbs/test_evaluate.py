import json
from pathlib import Path

import pytest

from openspine.outcome import Failure
from openspine.verbs import evaluate


def test_capacity_prints_one_json_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"{name},100,{100 * share},{reps}" for name in "abcd" for share, reps in ((0.8, 8), (0.7, 14))]
    (tmp_path / "rtf.csv").write_text("\n".join(["person,one_rm_kg,weight_kg,reps", *rows]) + "\n")
    evaluate.capacity(data=tmp_path / "rtf.csv", jobs=1, json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["people"] == 4
    assert found["one_set"]["80"]["methods"]["epley"]["mape"] == pytest.approx(
        100 * (80 * (1 + 8 / 30) / 100 - 1), abs=0.01
    )


@pytest.mark.parametrize("what", ["reps", "time"])
def test_forecast_asks_for_its_table(tmp_path: Path, what: str) -> None:
    with pytest.raises(Failure, match="sets.csv" if what == "reps" else "tul_members.csv"):
        evaluate.forecast(data=tmp_path, what=what, jobs=1)  # type: ignore[arg-type]
