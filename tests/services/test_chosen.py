"""Who decides and who shadows, as the settings say."""

from pathlib import Path

import pytest
from artifact_workshop import KEY, a_card, small_models

from ml import artifact
from ml.artifact import Refused
from ml.effort.model import RuleEffort
from services.chosen import Chosen, challenger, champion
from services.settings import Settings


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the studio's own, signed by its own key."""
    made = tmp_path_factory.mktemp("own")
    artifact.write(made, small_models(), a_card())
    artifact.sign(made, KEY)
    return made


def test_what_ships_decides_and_is_vouched_for(tmp_path: Path) -> None:
    found = champion(Settings(keys=tmp_path))
    assert found.effort.name.startswith("effort-")
    assert found.signed_by is not None
    assert found.signed_by in artifact.RELEASE_KEYS
    assert (found.policy, found.refused) == ("steady", "")


def test_a_model_of_an_unknown_key_is_refused_and_the_rule_decides(own: Path, tmp_path: Path) -> None:
    found = champion(Settings(artifact=own, model_keys=tmp_path, unsigned_model=True))
    assert isinstance(found.effort, RuleEffort)
    assert "is no key of this service" in found.refused
    assert found.card is None


def test_nobody_named_nobody_shadows(tmp_path: Path) -> None:
    first = Chosen(policy="steady", effort=RuleEffort())
    assert challenger(Settings(keys=tmp_path), first) is None


def test_a_challenger_takes_the_champions_model_unless_it_has_its_own(own: Path, tmp_path: Path) -> None:
    first = Chosen(policy="steady", effort=RuleEffort())
    other = challenger(Settings(shadow_policy="linear"), first)
    assert isinstance(other, Chosen)
    assert (other.policy, other.effort) == ("linear", first.effort)
    assert challenger(Settings(shadow_policy="liner"), first) == Refused(reason="there is no policy liner")
    refused = challenger(Settings(shadow_artifact=own, model_keys=tmp_path), first)
    assert isinstance(refused, Refused)


def test_an_unsigned_model_is_for_a_demo(own: Path, tmp_path: Path) -> None:
    (own / artifact.SEAL_FILE).rename(tmp_path / "seal")
    try:
        assert champion(Settings(artifact=own)).refused == "the card is not signed"
        found = champion(Settings(artifact=own, demo=True))
        assert (found.refused, found.signed_by) == ("", None)
    finally:
        (tmp_path / "seal").rename(own / artifact.SEAL_FILE)
