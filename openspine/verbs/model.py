"""`decide` and `train`: the model from files to files."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson

SHIPPED_PEOPLE, SHIPPED_SEED = 3_000, 7  # what the artifact in ml/artifacts was trained with


def decide(
    request: Path,
    *,
    verify: Annotated[Path | None, Parameter(help="Logged decision to compare with.")] = None,
    json: AsJson = False,
) -> int:
    """Decide a logged request (JSON) again; exit code 1 when refused, 5 when it differs from `--verify`."""
    del json  # a decision is JSON in any case
    from ml import runner  # noqa: PLC0415 (another room, loaded when it runs)

    answer = runner.decide(_bytes(request))
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.buffer.flush()
    if verify is not None and _bytes(verify).rstrip(b"\n") != answer:
        say(f"openspine: the decision differs from {verify}")
        return ExitCode.DIFFERS
    return ExitCode.FAILED if answer.startswith(b'{"refused":') else ExitCode.OK


def train(
    *,
    out: Annotated[Path, Parameter(help="Folder for the model and its card.")] = Path(".studio/effort-model"),
    people: Annotated[int, Parameter(help="Emulated people to train on.")] = SHIPPED_PEOPLE,
    seed: Annotated[int, Parameter(help="Same people and seed: same bytes.")] = SHIPPED_SEED,
    json: AsJson = False,
) -> None:
    """Train the effort model on emulated sets; the defaults make the artifact that ships."""
    from emulator import cohort, person  # noqa: PLC0415 (another room, loaded when it runs)
    from ml import train as training  # noqa: PLC0415 (another room, loaded when it runs)

    table = cohort.generate_sets(person.people(people, seed), seed)
    card = training.train(table, seed, out)
    result = {"name": card.name, "sha256": card.sha256, "people": card.people, "sets": card.sets}
    hand_over({**result, "figures": card.figures, "folder": str(out)}, as_json=json)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}", ExitCode.NOT_FOUND) from error
