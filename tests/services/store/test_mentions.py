"""A message is about somebody when one of its values says so, not when a part of one looks like it."""

import re
from uuid import UUID

import pytest

from services.store.mentions import Mentions

ID = "11111111-2222-4333-8444-555555551234"
WHO = Mentions([ID, "1234", "Chan Tai Man", "\N{CJK UNIFIED IDEOGRAPH-9673}"])


@pytest.mark.parametrize(
    "said",
    [
        '{"badge":"1234"}',
        '{"body":{"list":[{"code":"1234"}]}}',
        '{"badge":1234}',
        '{"greeting":"Chan Tai Man"}',
        '{"greeting":"\\u9673"}',
        f'{{"session":"{ID}"}}',
        b"Chan Tai Man",
        '{"badge":"1234",,',
        '{"greeting":"Chan Tai Man',
        f"no JSON of {ID}",
        b"\xff'1234'",
    ],
)
def test_a_value_that_is_a_word_of_theirs_names_them(said: str | bytes) -> None:
    assert WHO.are_in(said)


@pytest.mark.parametrize(
    "said",
    [
        '{"session":"01234567-1234-4123-8123-412341234123"}',
        '{"wall_ms":1800001234000,"seq":1234,"sig":"ab1234ef"}',
        '{"greeting":"Chan Tai Man Tony","badge":"12345"}',
        '{"1234":0}',
        b"\xff1234 wall_ms 1234",
        '{"wall_ms":1234,,"badge":"12345"',
        f"x{ID}, {ID}5, 0-{ID}",
        b"",
        "[" * 99_999,
    ],
)
def test_what_only_holds_their_letters_is_somebody_elses(said: str | bytes) -> None:
    assert not WHO.are_in(said)


def test_a_person_of_thousands_of_sessions_is_looked_for_by_no_more_forms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lengths: list[int] = []
    compiled = re.compile

    def measured(pattern: bytes) -> re.Pattern[bytes]:
        lengths.append(len(pattern))
        return compiled(pattern)

    ids = [str(UUID(int=number)) for number in range(2_400)]
    monkeypatch.setattr("services.store.mentions.re.compile", measured)
    who = Mentions([*ids, "Chan Tai Man"])
    assert sum(lengths) < 100
    assert who.are_in(f"no JSON of {ids[-1]}")
    assert who.are_in(f"os/v1/{UUID(int=9_999)}/{ids[7]}/up")
    assert not who.are_in(f"no JSON of {UUID(int=9_999)} '' ")
    assert not Mentions(ids).are_in("''")
