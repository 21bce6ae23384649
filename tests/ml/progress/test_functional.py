import pytest

from ml.progress.functional import Changed, Measured, Published, changed, published
from ml.progress.trend import NotEnough


def stand(value_s: float, cap_s: int = 45) -> Measured:
    return Measured(value=value_s, cap_s=cap_s)


def test_a_change_counts_only_beyond_its_error() -> None:
    few, more = Measured(value=9.0), Measured(value=12.0)
    assert changed("chair_stand", few, more) == Changed(verdict="improved", by=3.0, needed=2.5)
    assert changed("chair_stand", more, few) == Changed(verdict="worse", by=-3.0, needed=2.5)
    told = changed("chair_stand", few, Measured(value=11.0))
    assert told == Changed(verdict="inside_error", by=2.0, needed=2.5)
    assert changed("single_leg_stand", stand(5.0), stand(29.0)) == Changed(
        verdict="inside_error", by=24.0, needed=24.1
    )
    improved = changed("single_leg_stand", stand(5.0), stand(30.0))
    assert isinstance(improved, Changed)
    assert improved.verdict == "improved"


def test_a_first_figure_has_no_change() -> None:
    assert changed("chair_stand", None, Measured(value=9.0)) == NotEnough(have=1, need=2)


def test_a_longer_clock_alone_is_no_change() -> None:
    found = changed("single_leg_stand", stand(30.0, cap_s=30), stand(45.0, cap_s=45))
    assert found == Changed(verdict="inside_error", by=0.0, needed=24.1)
    assert stand(30.0, cap_s=30).is_at_cap
    assert not stand(29.9, cap_s=30).is_at_cap
    assert not Measured(value=60.0).is_at_cap


@pytest.mark.parametrize(
    ("age_years", "male", "female"),
    [
        (60, 14, 12),
        (64, 14, 12),
        (65, 12, 11),
        (72, 12, 10),
        (75, 11, 10),
        (84, 10, 9),
        (86, 8, 8),
        (94, 7, 4),
    ],
)
def test_stands_are_published_by_age_and_sex(age_years: int, male: int, female: int) -> None:
    for sex, least in (("male", male), ("female", female)):
        found = published("chair_stand", age_years, sex)  # type: ignore[arg-type]  # a sex of the request
        assert found is not None
        assert (found.measure, found.value, found.source) == ("least", least, "cdc_steadi_2017")
        assert found.from_years <= age_years <= found.to_years


def test_seconds_on_one_leg_are_published_by_age_alone() -> None:
    old = Published(measure="mean", value=17.2, from_years=70, to_years=79, source="bohannon_2006")
    assert published("single_leg_stand", 72, "female") == old == published("single_leg_stand", 72, "male")
    for age_years in (41, 59, 100):
        assert published("single_leg_stand", age_years, "male") is None
        assert published("chair_stand", age_years, "male") is None
