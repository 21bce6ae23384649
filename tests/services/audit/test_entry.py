"""What an entry says in words, and what it hides."""

import pytest

from services.audit.entry import HIDDEN, PLAIN, Entry, hidden, shown

KEY = b"k" * 32


def entry(**changes: object) -> Entry:
    usual = {"at_ms": 1, "actor": "dr-wong", "action": "limits.sign", "thing": "patient", "thing_id": "p1"}
    return Entry(**(usual | changes))  # type: ignore[arg-type]


def test_closed_words_stay_and_everything_else_is_hidden() -> None:
    said = shown(entry(detail={"kind": "row", "version": 3, "reason": "hurts less", "load_g": 20_000}), KEY)
    assert (said["kind"], said["version"]) == ("row", 3)
    for name in ("reason", "load_g"):
        assert said[name].startswith(HIDDEN)
        assert len(said[name]) == len(HIDDEN) + 32


def test_a_digest_is_of_this_entry_this_name_and_this_key() -> None:
    first = hidden(entry(), KEY, "pain", 7)
    assert first == hidden(entry(), KEY, "pain", 7)
    others = [
        hidden(entry(at_ms=2), KEY, "pain", 7), hidden(entry(thing_id="p2"), KEY, "pain", 7),
        hidden(entry(), KEY, "load", 7), hidden(entry(), KEY, "pain", "7"),
        hidden(entry(), b"other", "pain", 7),
    ]  # fmt: skip
    assert len({first, *others}) == 6


@pytest.mark.parametrize("name", ["reason", "name", "load_g", "nrs", "note", "pain", "login", "badge"])
def test_no_health_value_and_no_name_stays_readable(name: str) -> None:
    assert name not in PLAIN


@pytest.mark.parametrize(
    "wrong", [{"action": "signed"}, {"action": "Limits.sign"}, {"actor": ""}, {"thing_id": "x" * 65}]
)
def test_an_entry_that_the_audit_cannot_keep_is_a_mistake_of_the_program(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"audit|entry"):
        entry(**wrong)
