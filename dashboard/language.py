"""Screen words in two languages: the English sentence is the key, `zh_hk.toml` holds the other."""

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
    table = tomllib.loads(files("dashboard").joinpath("zh_hk.toml").read_text(encoding="utf-8"))
    return {english: chinese for part in table.values() for english, chinese in part.items()}
