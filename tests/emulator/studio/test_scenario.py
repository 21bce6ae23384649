from pathlib import Path

import pytest

from emulator.faults.registry import FAULTS
from emulator.recordings.column_map import BadFile
from emulator.studio.scenario import Scenario, read_scenario, shipped


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_can_be_read(name: str) -> None:
    scenario = read_scenario(name)
    assert isinstance(scenario, Scenario)
    assert scenario.name == name
    assert scenario.members
    kinds = set(scenario.machines.values())
    assert all(kinds.issuperset(one.stations) for one in scenario.members)


def test_faults_are_given_to_their_machine() -> None:
    scenario = read_scenario("rough-day")
    assert isinstance(scenario, Scenario)
    found = {wish.machine: (wish.name, wish.from_at, wish.seconds) for wish in scenario.wishes}
    assert found["rotation-1"] == ("stuck", 120, 3)
    assert found["row-1"][:2] == ("pain", 6)
    assert found["hip-1"] == ("broker_cut", 150, FAULTS["broker_cut"].lasts_s)


def test_an_unknown_scenario_names_the_shipped_ones() -> None:
    found = read_scenario("no-such-day")
    assert isinstance(found, BadFile)
    assert "evening" in found.mend


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('row-1 = "row"', 'row-1 = "rower"', "unknown machine kind rower"),
        ('name = "stuck"', 'name = "sticky"', "unknown fault sticky"),
        ('machine = "hip-1"', 'machine = "hip-9"', "unknown machine hip-9"),
        ("seed = 11", "", "seed"),
        ("rate = 10.0", 'rate = "quick"', "quick"),
        ("[machines]", "[machines", "not a scenario"),
    ],
)
def test_a_bad_scenario_is_a_value(old: str, new: str, problem: str, tmp_path: Path) -> None:
    shipped_file = Path(str(read_scenario.__code__.co_filename)).with_name("scenarios") / "rough-day.toml"
    text = shipped_file.read_text()
    assert old in text
    path = tmp_path / "day.toml"
    path.write_text(text.replace(old, new))
    found = read_scenario(str(path))
    assert isinstance(found, BadFile)
    assert problem in str(found)
