"""Who may act outside of a demo: what ships, or who has been in shadow long enough."""

import zlib
from pathlib import Path

import database_copies
import pytest
from place_rows import NOW_MS, named
from sqlalchemy import Engine
from studio_rows import StudioRows

from ml import artifact
from services.activation import ActivationRefusedError, refuse_unproven
from services.settings import Settings
from services.store import tables
from services.store.engine import open_engine

LEAST = 3


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path / 'openspine.sqlite'}"
    database_copies.migrate(made)
    return made


@pytest.fixture
def engine(url: str) -> Engine:
    return open_engine(url)


def settings(url: str, **changes: object) -> Settings:
    values = {"database_url": url, "shadow_least": LEAST, "migrate": False} | changes
    return Settings(**values)  # type: ignore[arg-type]


def shadowed(engine: Engine, decisions: int, **changes: object) -> None:
    rows = StudioRows(engine, origin="real")
    rows.site()
    rows.patient("Chan Mei Ling")
    rows.session("one")
    card = artifact.read_card(artifact.shipped())
    assert isinstance(card, artifact.Card)
    for number in range(decisions):
        rows.decision(f"decision-{number}", "one")
        row = {
            "decision_id": named(f"decision-{number}"),
            "policy": "linear",
            "model": card.name,
            "origin": "real",
            "now_ms": NOW_MS + number,
            "champion_load_g": 10_000,
            "load_g": 10_100,
            "champion_raised": False,
            "raised": True,
            "agrees": True,
            "violations": 0,
            "champion_p_too_hard": 0.02,
            "p_too_hard": 0.03,
            "failed": None,
            "answer": zlib.compress(b"{}"),
        }
        rows.put(tables.shadow, row | changes)


def test_what_ships_may_act_and_the_database_is_not_even_asked() -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    refuse_unproven(settings(nowhere), open_engine(nowhere))


def test_a_policy_nobody_knows_is_refused_in_a_demo_too(url: str, engine: Engine) -> None:
    for demo in (True, False):
        with pytest.raises(ActivationRefusedError, match="there is no policy liner; known: steady"):
            refuse_unproven(settings(url, policy="liner", demo=demo), engine)


def test_a_policy_without_its_time_in_shadow_is_refused(url: str, engine: Engine) -> None:
    with pytest.raises(ActivationRefusedError, match=r"linear with effort-\w+ may not act: .* 0 .* of 3"):
        refuse_unproven(settings(url, policy="linear"), engine)
    refuse_unproven(settings(url, policy="linear", demo=True), engine)


def test_a_policy_that_has_shadowed_long_enough_may_act(url: str, engine: Engine) -> None:
    shadowed(engine, LEAST)
    refuse_unproven(settings(url, policy="linear"), engine)
    with pytest.raises(ActivationRefusedError, match="3 decisions of 4"):
        refuse_unproven(settings(url, policy="linear", shadow_least=4), engine)


@pytest.mark.parametrize("shown", [None, "real", "sim"])
def test_emulated_people_prove_nothing_whatever_is_shown(url: str, engine: Engine, shown: str | None) -> None:
    shadowed(engine, LEAST, origin="sim")
    with pytest.raises(ActivationRefusedError, match="0 decisions of 3"):
        refuse_unproven(settings(url, policy="linear", origin=shown), engine)


@pytest.mark.parametrize(
    ("changes", "reason"), [({"violations": 1}, "broke limits 3"), ({"failed": "X"}, "0 decisions")]
)
def test_failures_do_not_count_and_violations_bar(
    url: str, engine: Engine, changes: dict[str, object], reason: str
) -> None:
    shadowed(engine, LEAST, **changes)
    with pytest.raises(ActivationRefusedError, match=reason):
        refuse_unproven(settings(url, policy="linear"), engine)


def test_an_empty_database_is_a_reason(tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    with pytest.raises(ActivationRefusedError, match="not migrated"):
        refuse_unproven(settings(empty, policy="linear"), open_engine(empty))
    with pytest.raises(ActivationRefusedError, match="0 decisions"):
        refuse_unproven(settings(empty, policy="linear", migrate=True), open_engine(empty))


def test_a_model_of_its_own_needs_its_time_too_and_a_missing_one_leaves_the_rule(
    url: str, engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(ActivationRefusedError, match="steady with effort-"):
        refuse_unproven(settings(url, artifact=artifact.shipped()), engine)
    refuse_unproven(settings(url, artifact=tmp_path), engine)


def test_a_missing_model_is_no_way_past_the_shadow(url: str, engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(ActivationRefusedError, match=r"linear with rule-1 may not act: .* 0 .* of 3"):
        refuse_unproven(settings(url, policy="linear", artifact=tmp_path), engine)
    shadowed(engine, LEAST, model="rule-1")
    refuse_unproven(settings(url, policy="linear", artifact=tmp_path), engine)
