import pytest

from services.keys.register import (
    KeyRefusedError,
    Register,
    added,
    current,
    published,
    retired,
    switched,
)


def made(*names: str) -> Register:
    """Make keys whose use is the first word of their id."""
    register: Register = ()
    for name in names:
        register = added(register, name, "envelope" if name.startswith("e") else "command", f"public-{name}")
    return register


def states(register: Register) -> dict[str, str]:
    return {one.key_id: one.state for one in register}


def test_the_first_key_of_a_use_signs_and_the_next_one_waits() -> None:
    assert states(made("c1", "e1", "c2")) == {"c1": "current", "e1": "current", "c2": "next"}


def test_a_switch_leaves_the_old_key_valid_and_the_other_use_alone() -> None:
    register = switched(made("c1", "e1", "c2"), "c2")
    assert states(register) == {"c1": "earlier", "e1": "current", "c2": "current"}
    assert states(switched(register, "c2")) == states(register)
    assert states(switched(register, "c1")) == {"c1": "current", "e1": "current", "c2": "earlier"}


def test_the_key_that_signs_is_not_retired_and_a_retired_one_never_signs() -> None:
    register = made("c1", "c2")
    with pytest.raises(KeyRefusedError, match="c1 is the current command key"):
        retired(register, "c1")
    gone = retired(switched(register, "c2"), "c1")
    assert states(gone) == {"c1": "retired", "c2": "current"}
    with pytest.raises(KeyRefusedError, match="c1 is retired"):
        switched(gone, "c1")


def test_unknown_and_doubled_ids_are_refused() -> None:
    with pytest.raises(KeyRefusedError, match="no key c9"):
        switched(made("c1"), "c9")
    with pytest.raises(KeyRefusedError, match="a key c1 already"):
        added(made("c1"), "c1", "command", "x")
    assert current((), "command") is None


def test_agents_are_told_of_every_key_that_is_not_retired() -> None:
    register = retired(switched(made("c1", "c2", "c3"), "c2"), "c1")
    told = published({}, register, ["command"])
    assert told == {
        "c2": {"use": "command", "public": "public-c2"},
        "c3": {"use": "command", "public": "public-c3"},
    }


def test_a_folder_publishes_its_own_uses_only() -> None:
    before = published({}, made("c1", "e1"), ["command", "envelope"])
    after = published(before, made("c2"), ["command"])
    assert sorted(after) == ["c2", "e1"]
    assert after["e1"] == before["e1"]
