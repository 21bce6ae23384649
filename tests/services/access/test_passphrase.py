"""Which passphrases staff may choose."""

import pytest

from services.access.passphrase import fault

NAMES = ("mei.chan", "Chan Mei Ling")


@pytest.mark.parametrize(
    "passphrase",
    [
        "kettle umbra vowel tangent",
        "Trombone-4-viaduct-glue",
        "脊椎 訓練 進度 與 平衡 茶壺 走廊 雨傘 鐘",
        "xK9#vQ2!mZ7@pL4w",
    ],
)
def test_own_words_do(passphrase: str) -> None:
    assert fault(passphrase, NAMES) is None


@pytest.mark.parametrize(
    "passphrase",
    [
        "kettle umbra v",
        "k" * 129 + "ettle umbra",
        "kettle\tumbra vowel tangent",
        "passwordpassword1",
        "P@ssw0rdP@ssw0rd!",
        "123456789012345",
        "qwertyuiopasdfghjkl",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcdefghijklmnopq",
        "zyxwvutsrqponmlkj",
        "Summer2026Summer2026!",
        "correct horse battery staple",
        "openspinestudio2026",
        "chan mei ling chan",
        "Mei.Chan.Mei.Chan",
    ],
)
def test_what_guessers_begin_with_does_not(passphrase: str) -> None:
    assert fault(passphrase, NAMES) is not None


def test_no_sentence_repeats_what_was_typed() -> None:
    assert "passwordpassword" not in (fault("passwordpassword1") or "")
