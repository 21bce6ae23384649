"""`evaluate forecast` and `evaluate capacity`: the model against published rules, on tables of real sets."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from openspine.outcome import hand_over
from openspine.verbs.options import AsJson

Jobs = Annotated[int, Parameter(help="Processes; -1 = all cores.")]
Dask = Annotated[str | None, Parameter(help="Address of a Dask scheduler.")]
Plot = Annotated[Path | None, Parameter(help="Draw it: .png, .svg or .html.")]
Seed = Annotated[int, Parameter(help="Same data and seed: same figures, on any number of jobs.")]
DEFAULT_DATA = Path("../shared/data")


def forecast(  # noqa: PLR0913 (each is an option of the command line)
    *,
    data: Annotated[Path, Parameter(help="Folder with sets.csv, or its parent.")] = DEFAULT_DATA,
    train: Annotated[Path | None, Parameter(help="Learn from this folder and test on --data.")] = None,
    what: Annotated[
        Literal["reps", "time"], Parameter(help="Reps of the next set, or seconds under load.")
    ] = "reps",
    folds: Annotated[int, Parameter(help="Parts of the people; each is forecast by the others.")] = 5,
    seed: Seed = 1,
    plot: Plot = None,
    jobs: Jobs = -1,
    dask: Dask = None,
    json: AsJson = False,
) -> None:
    """Forecast the next set of people whom the model has not seen, beside five published methods."""
    from openspine.evaluation import forecast as forecasting  # noqa: PLC0415 (loaded when it runs)

    asked = forecasting.Asked(data=data, train=train, folds=folds, seed=seed, jobs=jobs, dask=dask)
    judge = forecasting.judge_reps if what == "reps" else forecasting.judge_time
    found = judge(asked, plot)
    hand_over(found, as_json=json, lines=forecasting.lines(found))


def capacity(
    *,
    data: Annotated[Path, Parameter(help="CSV or folder: person, one_rm_kg, weight_kg, reps.")],
    seed: Seed = 1,
    plot: Plot = None,
    jobs: Jobs = -1,
    dask: Dask = None,
    json: AsJson = False,
) -> None:
    """Estimate the 1RM from sets to failure at lighter loads, one person left out at a time."""
    from openspine.evaluation import capacity as capacity_evaluation  # noqa: PLC0415 (loaded when it runs)

    asked = capacity_evaluation.Asked(data=data, seed=seed, jobs=jobs, dask=dask)
    found = capacity_evaluation.judge(asked, plot)
    hand_over(found, as_json=json, lines=capacity_evaluation.lines(found))
