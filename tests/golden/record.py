"""Golden scenarios of the decision table: every row as a request with the decision that it must give.

Record again after an intended change, and read the difference before committing it:

    .venv/bin/python tests/golden/record.py
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from ml.request import Request
from ml.runner import decide, write

FOLDER = Path(__file__).parent / "clinical"
BUILDERS = Path(__file__).parents[1] / "ml" / "conftest.py"
EXPLANATIONS = Path(__file__).parent / "explanations.py"
SCENES = Path(__file__).parent / "scenes.py"


sys.path.insert(0, str(Path(__file__).parents[1]))  # as pytest does


def load(path: Path) -> ModuleType:
    """Load a file of the tests (test folders are no packages)."""
    spec = importlib.util.spec_from_file_location(f"golden_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def scenarios() -> dict[str, Request]:
    """Make the request of every scenario, by name."""
    return dict(load(SCENES).scenarios(load(BUILDERS).Builders))


def main() -> int:
    """Write every scenario, its decision and its explanation; nothing is touched before all are decided."""
    recorded = {name: write(request) for name, request in scenarios().items()}
    decided = {name: decide(asked) for name, asked in recorded.items()}
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for name, asked in recorded.items():
        (FOLDER / f"{name}.request.json").write_bytes(asked + b"\n")
        (FOLDER / f"{name}.decision.json").write_bytes(decided[name] + b"\n")
    load(EXPLANATIONS).main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
