import pytest

from contract.machines import catalogue
from machine_agent.screen.machine import about


def test_every_kind_is_described_as_the_catalogue_draws_it() -> None:
    kinds = about("kg")["kinds"]
    assert isinstance(kinds, dict)
    assert set(kinds) == set(catalogue())
    for name, kind in catalogue().items():
        told = kinds[name]
        for travel_deg in (0.0, 12.5, 60.0):
            assert told["zero_deg"] + told["sign"] * travel_deg == kind.clinical_deg(travel_deg)


@pytest.mark.parametrize("units", ["kg", "lb"])
def test_the_units_are_told(units: str) -> None:
    assert about(units)["units"] == units  # type: ignore[arg-type]
