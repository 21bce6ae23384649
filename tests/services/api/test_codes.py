"""No refusal without a code: every sentence that the service refuses with stands in the catalogue."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import services
from services.api.codes import PLAIN, PREFIX, catalogue, coded

FOLDER = Path(str(services.__file__)).parent
REFUSING = {
    "conflict": 0,
    "mistake": 1,
    "bad_value": 1,
    "Refused": 1,
    "BodyRefused": 1,
}  # place of the sentence
WHY = "why"  # of a `Fault`: what somebody who manages staff is told
STEP_UP = "Prove again who you are: step up first."  # has a type of its own, which screens answer
ROOMS = ("api", "office", "prescribing")
LEAST = 140  # sentences: fewer, and the search has stopped to find them


def sentences() -> Iterator[tuple[str, str]]:
    """Find every sentence that something is refused with, and where; values are written {}."""
    for path in sorted(path for room in ROOMS for path in (FOLDER / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        known = constants(tree)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            for found in given(call):
                sentence = known.get(found.id, "") if isinstance(found, ast.Name) else words(found)
                if sentence:
                    yield sentence, f"{path.name}:{call.lineno}"


def given(call: ast.Call) -> list[ast.expr]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    place = REFUSING.get(name)
    if place is not None and len(call.args) > place:
        return [call.args[place]]
    return [word.value for word in call.keywords if name == "Fault" and word.arg == WHY]


def constants(tree: ast.Module) -> dict[str, str]:
    found = {}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id.isupper():
            found[target.id] = words(getattr(node, "value", None))
    return found


def words(node: ast.AST | None) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(words(part) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def test_every_sentence_of_a_refusal_has_a_code() -> None:
    known = {re.sub(r"{\w+}", "{}", sentence) for sentence in catalogue().values()} | {STEP_UP}
    found = list(sentences())
    assert len(found) > LEAST
    assert [(sentence, place) for sentence, place in found if sentence not in known] == []


@pytest.mark.parametrize("code", catalogue())
def test_a_sentence_leads_to_its_own_code_with_its_values(code: str) -> None:
    places = re.findall(r"{(\w+)}", catalogue()[code])
    values = {name: str(number + 7) for number, name in enumerate(places)}
    assert coded(catalogue()[code].format(**values)) == (PREFIX + code, values)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)


def test_an_unknown_sentence_is_plain() -> None:
    assert coded("Brand new.") == (PLAIN, {})
    assert coded("The badge is somebody's. Or not.") == (PLAIN, {})
