"""What is kept of a person opens with that person's own secret only."""

import pytest

from machine_agent import pins, sealing

SITE, ABOUT, CONTENT = b"site key", b"subject 1", b'{"name": "Mrs Chan", "load_g": 20000}'
BADGE = sealing.key_of_badge(SITE, "badge-1")


def test_what_was_sealed_opens_again_and_shows_nothing_meanwhile() -> None:
    sealed = sealing.seal(BADGE, CONTENT, ABOUT)
    assert sealing.opened(BADGE, sealed, ABOUT) == CONTENT
    assert not any(CONTENT[at : at + 4] in sealed for at in range(len(CONTENT) - 4))


@pytest.mark.parametrize(
    "key",
    [
        sealing.key_of_badge(SITE, "badge-2"),
        sealing.key_of_badge(b"another site", "badge-1"),
        sealing.key_of_code(SITE, b"badge-1"),
        sealing.key_of_code(SITE, pins.stretched("0000", "badge-1")),
    ],
    ids=["badge", "site", "code", "pin"],
)
def test_no_other_key_opens_it(key: bytes) -> None:
    assert sealing.opened(key, sealing.seal(BADGE, CONTENT, ABOUT), ABOUT) is None


def test_a_code_opens_it_with_its_pin_only() -> None:
    key = sealing.key_of_code(SITE, pins.stretched("2468", "4711"))
    sealed = sealing.seal(key, CONTENT, ABOUT)
    assert sealing.opened(key, sealed, ABOUT) == CONTENT
    assert sealing.opened(sealing.key_of_code(SITE, pins.stretched("2469", "4711")), sealed, ABOUT) is None
    assert sealing.opened(sealing.key_of_code(SITE, pins.stretched("2468", "4712")), sealed, ABOUT) is None


def test_nothing_in_it_can_be_changed_or_exchanged() -> None:
    sealed = sealing.seal(BADGE, CONTENT, ABOUT)
    for at in range(len(sealed)):
        broken = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        assert sealing.opened(BADGE, broken, ABOUT) is None
    assert sealing.opened(BADGE, sealed, b"subject 2") is None
    for length in (0, 1, 12, 20):
        assert sealing.opened(BADGE, sealed[:length], ABOUT) is None


def test_two_contents_never_share_a_nonce_and_one_content_comes_out_the_same() -> None:
    sealed = {sealing.seal(BADGE, content, ABOUT) for content in (CONTENT, CONTENT + b" ", CONTENT)}
    assert len(sealed) == len({one[:12] for one in sealed}) == 2
    assert sealing.seal(BADGE, CONTENT, b"subject 2")[:12] not in {one[:12] for one in sealed}
