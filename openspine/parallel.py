"""One small front for joblib: pieces of work over all cores, or over a Dask cluster; the order is kept.

Results never depend on how many workers there are: every piece carries its own seeds.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from openspine.outcome import ExitCode, Failure, say

Piece = TypeVar("Piece")
Done = TypeVar("Done")
Progress = Callable[[str], None]

CONNECT_S = 10.0  # seconds until a Dask scheduler that does not answer counts as unreachable
ALL_CORES = -1


def spread(
    work: Callable[[Piece], Done],
    pieces: Sequence[Piece],
    *,
    jobs: int = ALL_CORES,
    dask: str | None = None,
    progress: Progress = say,
) -> list[Done]:
    """Do every piece; the results come in the order of the pieces.

    `work` must be importable (a function of a module). `jobs`: processes, -1 = all cores, 1 = here.
    `dask`: address of a scheduler, e.g. tcp://10.0.0.5:8786; its workers need this package installed.
    """
    if jobs == 0:
        raise Failure("--jobs 0: from 1, or -1 for all cores", ExitCode.USAGE)
    if jobs == 1 and dask is None:
        return [_noted(work(piece), done, len(pieces), progress) for done, piece in enumerate(pieces, 1)]
    with _cluster(dask):
        return list(_in_parallel(work, pieces, jobs, progress))


def chunks(items: Sequence[Piece], size: int) -> list[Sequence[Piece]]:
    """Cut a sequence into runs of at most `size`."""
    return [items[first : first + size] for first in range(0, len(items), size)]


def _in_parallel(
    work: Callable[[Piece], Done], pieces: Sequence[Piece], jobs: int, progress: Progress
) -> Iterator[Done]:
    from joblib import Parallel, delayed  # noqa: PLC0415 (0.3 s that other verbs do not need)

    results = Parallel(n_jobs=jobs, return_as="generator")(delayed(work)(piece) for piece in pieces)
    for number, done in enumerate(results, 1):
        yield _noted(done, number, len(pieces), progress)


def _noted(done: Done, number: int, total: int, progress: Progress) -> Done:
    progress(f"{number}/{total}")
    return done


def _cluster(address: str | None) -> AbstractContextManager[Any]:
    """Send what follows to a Dask cluster; exit code 4 when nobody answers there."""
    if address is None:
        return nullcontext()
    from distributed import Client  # noqa: PLC0415 (1 s that only --dask needs)
    from joblib import parallel_config  # noqa: PLC0415 (as above)

    try:
        client = Client(address, timeout=CONNECT_S)  # type: ignore[no-untyped-call]  # published without types
    except (OSError, ValueError) as error:
        raise Failure(f"no Dask scheduler at {address}: {error}", ExitCode.UNREACHABLE) from error
    return _Connected(client, parallel_config(backend="dask"))


class _Connected:
    """A Dask client for the time of a `with`; closed at its end."""

    def __init__(self, client: Any, config: Any) -> None:
        self._client, self._config = client, config

    def __enter__(self) -> None:
        self._config.__enter__()

    def __exit__(self, *reason: object) -> None:
        self._config.__exit__(*reason)
        self._client.close()
