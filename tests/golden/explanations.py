"""Golden explanations: what patients and staff are told of every golden decision, in both languages.

Recorded together with the decisions (`tests/golden/record.py`), or alone after a change of a sentence:

    .venv/bin/python tests/golden/explanations.py
"""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import msgspec

from ml.decision import Decision
from ml.explain import sentences
from ml.explain.sentences import Language
from ml.runner import decide, write

CLINICAL = Path(__file__).parent / "clinical"
FILE = Path(__file__).parent / "explanations.md"
SCENES = Path(__file__).parent / "steady_scenes.py"
BUILDERS = Path(__file__).parents[1] / "ml" / "conftest.py"
LANGUAGES: tuple[Language, ...] = ("en", "zh")
HEAD = """# What is said of the golden decisions

Patients get the bold line; the rest is for staff. Recorded by `tests/golden/explanations.py`.
"""


def decisions() -> Iterator[tuple[str, Decision]]:
    """Give every decision on file, then those of the scenes here."""
    for path in sorted(CLINICAL.glob("*.decision.json")):
        yield path.name.removesuffix(".decision.json"), msgspec.json.decode(path.read_bytes(), type=Decision)
    for name, request in _load(SCENES).scenes(_load(BUILDERS).Builders):
        yield f"steady: {name}", msgspec.json.decode(decide(write(request)), type=Decision)


def page() -> str:
    """Write all explanations."""
    return "\n".join([HEAD, *(_section(name, decision) for name, decision in decisions())])


def _section(name: str, decision: Decision) -> str:
    lines = [f"## {name}", ""]
    for language in LANGUAGES:
        said = [
            f"**{sentences.patient(decision, language)}**",
            sentences.staff(decision, language),
            sentences.fitting(decision, language),
            sentences.against(decision.counter, language),
            sentences.confidence(decision.confidence, language),
        ]
        lines += [f"- {text}" for text in said if text]
    counter = " ".join(why.code for why in decision.counter) or "-"
    lines.append(f"- `{decision.binding}` `{counter}` `{decision.confidence.level}` `{decision.split_g}`")
    return "\n".join([*lines, ""])


def _load(path: Path) -> ModuleType:
    """Load a file of the tests (test folders are no packages)."""
    spec = importlib.util.spec_from_file_location(f"explained_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> int:
    """Write the file anew."""
    FILE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
