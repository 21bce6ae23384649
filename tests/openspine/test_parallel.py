"""Pieces of work keep their order on one core, on two, and on a Dask cluster; nobody there is exit code 4."""

import math

import pytest

from openspine.outcome import ExitCode, Failure
from openspine.parallel import chunks, spread

NUMBERS = [9.0, 4.0, 1.0, 16.0]


def silent(_: str) -> None:
    return None


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_pieces(jobs: int) -> None:
    assert spread(math.sqrt, NUMBERS, jobs=jobs, progress=silent) == [3.0, 2.0, 1.0, 4.0]


@pytest.mark.slow
def test_a_cluster_of_two_workers_gives_the_same() -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, processes=False
    ) as cluster:
        done = spread(math.sqrt, NUMBERS, dask=cluster.scheduler_address, progress=silent)
    assert done == [3.0, 2.0, 1.0, 4.0]


def test_progress_counts_every_piece() -> None:
    said: list[str] = []
    spread(math.sqrt, NUMBERS, jobs=1, progress=said.append)
    assert said == ["1/4", "2/4", "3/4", "4/4"]


def test_an_address_that_is_none_is_a_failure_with_a_code() -> None:
    with pytest.raises(Failure) as caught:
        spread(math.sqrt, NUMBERS, dask="nowhere:x", progress=silent)
    assert caught.value.code == ExitCode.UNREACHABLE


def test_no_process_at_all_is_a_failure_with_a_code() -> None:
    with pytest.raises(Failure) as caught:
        spread(math.sqrt, NUMBERS, jobs=0, progress=silent)
    assert caught.value.code == ExitCode.USAGE


def test_chunks_hold_everything_once() -> None:
    assert chunks([1, 2, 3, 4, 5], 2) == [[1, 2], [3, 4], [5]]
