from services.exports.parquet.names import NAME_DIGITS, Names

DAY_MS = 86_400_000
NAMES = Names(key=b"k" * 32, first_ms={"chan": 1_000, "lee": 5_000})


def test_a_name_is_the_same_within_one_export_only() -> None:
    other = Names(key=b"l" * 32, first_ms=NAMES.first_ms)
    assert NAMES.person("chan") == NAMES.person("chan") != NAMES.person("lee")
    assert other.person("chan") != NAMES.person("chan")
    assert len(NAMES.person("chan")) == NAME_DIGITS
    assert "chan" not in NAMES.person("chan")


def test_a_person_and_a_session_of_the_same_id_are_two_names() -> None:
    assert NAMES.session("chan") != NAMES.person("chan")


def test_time_counts_from_the_first_session() -> None:
    assert (NAMES.day("chan", 1_000), NAMES.day("chan", 1_000 + DAY_MS - 1)) == (0, 0)
    assert NAMES.day("chan", 1_000 + 3 * DAY_MS) == 3
    assert NAMES.seconds("lee", 7_500) == 2.5
    assert (NAMES.has("lee"), NAMES.has("ho")) == (True, False)
