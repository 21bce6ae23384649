from collections.abc import Iterator
from pathlib import Path

import pytest
from day_kitchen import DAY, Kitchen

from emulator.replay.tape import Selection, Tape, read_tape
from openspine.broker.embedded import Broker, best_kind
from services.chosen import Chosen, champion
from services.settings import Settings


@pytest.fixture(scope="session")
def chosen() -> Chosen:
    """Who decides in a service that nobody has told otherwise."""
    return champion(Settings(demo=True))


@pytest.fixture
def kitchen(chosen: Chosen, tmp_path: Path) -> Iterator[Kitchen]:
    tape = read_tape(DAY, Selection())
    assert isinstance(tape, Tape)
    with Broker(best_kind(), tmp_path / "broker") as broker:
        made = Kitchen(broker, chosen, tmp_path, tape)
        yield made
        for one in made.running:
            one.stop()
