import re
from importlib.resources import files

from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.screen import LIGHTS
from dashboard.views.floor.words import SENTENCES, said, words

SCRIPT = files("dashboard").joinpath("components", "live", "faces.js").read_text(encoding="utf-8")


def test_every_sentence_that_the_browser_puts_together_is_handed_to_it_in_the_viewers_language(
    show: Formatter, show_lb: Formatter
) -> None:
    spoken = set(re.findall(r"""say\("([^"]+)\"""", SCRIPT)) | set(
        re.findall(r'"([^"]*\{count\}[^"]*)"', SCRIPT)
    )
    assert len(spoken) > 20
    assert spoken == set(SENTENCES)
    assert set(SENTENCES) - traditional_chinese().keys() == set()
    assert said(show) == {}
    known = said(show_lb)
    assert spoken <= known.keys()
    assert [
        english for english, chinese in known.items() if english == chinese and english != "Unknown"
    ] == []


def test_the_browser_speaks_the_viewers_language(show: Formatter, show_lb: Formatter) -> None:
    assert [name for name, word in words(show).items() if words(show_lb)[name] == word] == []


def test_the_browser_knows_the_lights_in_their_order() -> None:
    (found,) = re.findall(r"^const LIGHTS = \{ (.+) \};", SCRIPT, re.MULTILINE)
    assert found == ", ".join(f'{light}: "{word}"' for light, (word, _, _) in LIGHTS.items())
