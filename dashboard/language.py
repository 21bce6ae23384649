"""Screen words in two languages: the English sentence is the key, `zh_hk/` holds the other by subject."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["en", "zh-HK"]
LANGUAGES: dict[Language, str] = {"en": "English", "zh-HK": "繁體中文"}


def translate(sentence: str, language: Language) -> str:
    """Say an English sentence in `language`; a sentence without a translation stays English."""
    return sentence if language == "en" else traditional_chinese().get(sentence, sentence)


@cache
def traditional_chinese() -> dict[str, str]:
    """Read the translations, English sentence to Traditional Chinese as written in Hong Kong."""
    known: dict[str, str] = {}
    for subject in sorted(files("dashboard").joinpath("zh_hk").iterdir(), key=lambda file: file.name):
        known |= tomllib.loads(subject.read_text(encoding="utf-8"))
    return known
