"""What the service refuses, in the viewer's language: by the code of the problem, with its values."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from dashboard.language import Language, translate

PREFIX: Final = "urn:openspine:problem:"


def said(code: str, values: Mapping[str, str], sentence: str, language: Language) -> str:
    """Say a refusal: in Chinese where its code is known, else as the service has said it (`sentence`)."""
    if language == "en":
        return sentence
    known = traditional_chinese().get(code.removeprefix(PREFIX))
    if known is None:
        return sentence
    words = {name: translate(value[:1].upper() + value[1:], language) for name, value in values.items()}
    try:
        return known.format(**words)
    except KeyError:  # a service of another version, with other values
        return sentence


@cache
def traditional_chinese() -> dict[str, str]:
    """Read the sentences by code, in Traditional Chinese as written in Hong Kong."""
    return tomllib.loads(files("dashboard").joinpath("refusals_zh_hk.toml").read_text(encoding="utf-8"))
