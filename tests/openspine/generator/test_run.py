"""Two patients and a week into a store of each kind: stored = generated, and twice doubles nothing."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select, text

from openspine.generator import run
from openspine.generator.run import PATIENTS, Asked, divided, generate
from services.store import tables

COUNTED = ("session", "rep", "finished_set", "inbox", "decision", "setting", "patient", "limits", "belief")


def silent(_: str) -> None:
    return None


def counts(url: str) -> dict[str, int]:
    with create_engine(url).connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(tables.metadata.tables[name])) or 0
            for name in COUNTED
        }


def left_over(url: str) -> dict[str, int | None]:
    """Count what the service would have to do something about when it starts."""
    unpublished = tables.outbox.c.published_ms.is_(None)
    with create_engine(url).connect() as connection:
        return {
            "unmonitored": connection.scalar(select(func.count()).select_from(tables.unmonitored)),
            "dead_letter": connection.scalar(select(func.count()).select_from(tables.dead_letter)),
            "unpublished": connection.scalar(select(func.count()).where(unpublished)),
        }


def test_what_is_generated_is_stored_and_twice_doubles_nothing(little: Asked) -> None:
    first = generate(little, silent)
    stored = counts(little.url)
    assert first["reps"] == first["reps_made"] == stored["rep"] > 50
    assert first["sessions"] == stored["session"]
    assert first["sets"] == stored["finished_set"]
    assert first["rows"] == stored["inbox"]
    assert first["decisions"] == stored["setting"]
    assert first["wings"] == {"made": 1, "found": 0}
    assert left_over(little.url) == {"unmonitored": 0, "dead_letter": 0, "unpublished": 0}

    again = generate(little, silent)
    assert counts(little.url) == stored
    assert (again["reps_made"], again["wings"]) == (0, {"made": 0, "found": 1})
    assert {name: again[name] for name in ("reps", "decisions", "digest")} == {
        name: first[name] for name in ("reps", "decisions", "digest")
    }


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Asked:
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    return Asked(patients=2, weeks=1, seed=1, url=url, keys=tmp_path / "keys", jobs=1)


def elsewhere(asked: Asked, tmp_path: Path, **other: Any) -> Asked:
    return replace(asked, url=f"sqlite:///{tmp_path / 'b.sqlite'}", keys=tmp_path / "others", **other)


@pytest.mark.slow
def test_other_keys_and_another_store_give_the_same_decisions_another_seed_does_not(
    on_sqlite: Asked, tmp_path: Path
) -> None:
    first = generate(on_sqlite, silent)
    assert generate(elsewhere(on_sqlite, tmp_path), silent)["digest"] == first["digest"]
    other = generate(elsewhere(on_sqlite, tmp_path, seed=2), silent)  # beside it, in the same store
    assert other["digest"] != first["digest"]
    assert counts(elsewhere(on_sqlite, tmp_path).url)["patient"] == 4


@pytest.mark.slow
def test_wings_of_two_processes_are_the_wings_of_one(
    on_sqlite: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "PATIENTS", 1)
    alone = generate(on_sqlite, silent)
    both = generate(elsewhere(on_sqlite, tmp_path, jobs=2), silent)
    assert alone["wings"] == both["wings"] == {"made": 2, "found": 0}
    figures = ("digest", "reps", "rows", "decisions", "missed")
    assert [alone[name] for name in figures] == [both[name] for name in figures]
    assert counts(on_sqlite.url) == counts(elsewhere(on_sqlite, tmp_path).url)


def test_another_course_under_the_same_seed_is_refused_and_so_is_a_wing_that_is_not_whole(
    on_sqlite: Asked,
) -> None:
    generate(on_sqlite, silent)
    stored = counts(on_sqlite.url)
    with pytest.raises(RuntimeError, match="another course"):
        generate(replace(on_sqlite, weeks=2), silent)
    with create_engine(on_sqlite.url).begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_delete"))
        connection.execute(text("DELETE FROM audit WHERE action = 'history.generated'"))
    with pytest.raises(RuntimeError, match="not whole"):
        generate(on_sqlite, silent)
    assert counts(on_sqlite.url) == stored


def test_patients_are_divided_into_wings(on_sqlite: Asked) -> None:
    parts = divided(replace(on_sqlite, patients=2 * PATIENTS + 1))
    assert [(one.first, one.count) for one in parts] == [
        (0, PATIENTS),
        (PATIENTS, PATIENTS),
        (2 * PATIENTS, 1),
    ]
    assert Counter(one.name for one in parts) == {"g1-1": 1, "g1-2": 1, "g1-3": 1}
