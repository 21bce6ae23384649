"""A small studio in a database of its own; exports only read."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import copied_studio
import pytest
from studio_rows import DAY_MS, NOW_MS, StudioRows, named


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied_studio.migrated(tmp_path_factory.mktemp("exports") / "blank.sqlite")


@pytest.fixture(scope="session")
def trained(blank: Path) -> Path:
    file = Path(shutil.copyfile(blank, blank.with_name("trained.sqlite")))
    for rows in copied_studio.opened(file, 0):
        _train(rows)
    return file


@pytest.fixture
def studio(blank: Path, tmp_path: Path) -> Iterator[StudioRows]:
    """An empty studio with a machine."""
    yield from copied_studio.copy(blank, tmp_path)


@pytest.fixture
def course(trained: Path, tmp_path: Path) -> Iterator[StudioRows]:
    """Mrs Chan's six visits on the rotation, both sides, with limits, reps, answers and decisions."""
    yield from copied_studio.copy(trained, tmp_path)


def _train(studio: StudioRows) -> None:
    studio.patient()
    studio.limits()
    for number in range(6):
        day, session, at_ms = f"day-{number}", f"session-{number}", NOW_MS + number * 3 * DAY_MS
        studio.visit(day, number=number + 1, started_ms=at_ms, pain_before=5 - number // 2, morning_nrs=2)
        studio.session(session, visit_id=named(day), opened_ms=at_ms, closed_ms=at_ms + 600_000)
        for side, load_g in (("left", 12_000), ("right", 12_500)):
            studio.summary(
                session,
                day,
                side=side,
                wall_ms=at_ms + 300_000,
                load_g=load_g + 500 * number,
                capacity_kg=30.0 + number,
            )
        studio.decision(f"decision-{number}", session, now_ms=at_ms + 100_000)
        studio.setting(f"setting-{number}", session, f"decision-{number}", decided_ms=at_ms + 100_000)
        studio.rep(session, 1, wall_ms=at_ms + 60_000)
        studio.set_end(session, wall_ms=at_ms + 70_000, rir="1-2", pain_set=2)
        studio.answer(session, "rir", "1-2", wall_ms=at_ms + 80_000)
        studio.answer(session, "pain_set", 2, wall_ms=at_ms + 80_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"
