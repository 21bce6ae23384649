from itertools import pairwise

import pytest

from contract.machines import catalogue
from contract.topics import is_machine_id
from openspine.generator.invented import CIRCUIT, STATIONS_LEAST, as_enrolled, invented, machines


def test_a_number_is_the_same_person_however_many_there_are() -> None:
    few, many = (invented(range(count), 1, year=2026, prefix="g") for count in (3, 30))
    assert few == many[:3]
    assert invented(range(2, 3), 1, year=2026, prefix="g")[0] == many[2]
    assert invented(range(3), 2, year=2026, prefix="g") != few


def test_people_are_of_all_strata_and_do_their_circuit_in_its_order() -> None:
    people = invented(range(60), 1, year=2026, prefix="g")
    assert {one.patient.sex for one in people} == {"female", "male"}
    assert len({one.patient.code for one in people}) == 60
    for one in people:
        stations = one.patient.stations
        assert STATIONS_LEAST <= len(stations) == len(set(stations)) <= len(CIRCUIT)
        places = [CIRCUIT.index(kind) for kind in stations]
        turns = sum(second < first for first, second in pairwise(places))
        assert turns <= 1  # entered anywhere, then in order
        assert one.member.stations == stations
        assert one.member.badge == one.patient.badge
    assert len({one.patient.stations[0] for one in people}) == len(CIRCUIT)


def test_what_is_enrolled_is_what_the_patient_is() -> None:
    [one] = invented(range(1), 1, year=2026, prefix="g")
    new = as_enrolled(one.patient)
    assert (new.badge, new.code, new.stations) == (one.patient.badge, "g-1", one.patient.stations)
    assert 2026 - new.birth_year == one.member.person.age_years
    assert new.flags == {"back_pain": one.patient.profile == "rehab"}


@pytest.mark.parametrize("prefix", ["", "g123-45"])
def test_machines_are_named_by_kind_and_number(prefix: str) -> None:
    found = machines(CIRCUIT, 8, prefix)
    assert list(found.values()) == [*CIRCUIT, *CIRCUIT[:2]]
    assert all(is_machine_id(name) for name in found)
    assert set(found.values()) <= set(catalogue())
