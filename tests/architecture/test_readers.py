"""No type of ours is read for the first time by several threads together (`contract/reading.py`).

Verbs of `openspine` read theirs in one thread.
"""

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
THREADED = {"contract", "ml", "services", "machine_agent", "emulator", "dashboard"}
ALLOWED = {
    "contract/reading.py",  # one thread at a time
    "services/store/together.py",  # makes a type for each question: no other thread can find it half done
}
READERS = {"decode", "convert", "Decoder", "partial"}  # with the type by name
WITH_TYPE = {"convert": 1, "Decoder": 0}  # by place
PLAIN = {*dir(builtins), "Any", "msgspec", "Raw"}


def late_readers(tree: ast.AST, *, inside: bool = False) -> Iterator[int]:
    """List the lines in functions on which a type of ours is read for what may be the first time."""
    for node in ast.iter_child_nodes(tree):
        within = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if within and isinstance(node, ast.Call) and _reads_ours(node):
            yield node.lineno
        yield from late_readers(node, inside=within)


def _reads_ours(call: ast.Call) -> bool:
    """Tell whether a call works a type of ours out, by its last name: however `msgspec` was imported."""
    name = ast.unparse(call.func).rpartition(".")[2]
    typed: list[ast.expr] = []
    if name in READERS:
        typed += [one.value for one in call.keywords if one.arg == "type"]
    if name in WITH_TYPE:
        typed += call.args[WITH_TYPE[name] :][:1]
    return any(_names(one) - PLAIN for one in typed)


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def test_no_type_of_ours_is_read_first_by_some_thread(project_files: list[Path]) -> None:
    found = {}
    for path in project_files:
        place = path.relative_to(ROOT).as_posix()
        if path.suffix != ".py" or place.split("/")[0] not in THREADED or place in ALLOWED:
            continue
        if lines := list(late_readers(ast.parse(path.read_text(encoding="utf-8")))):
            found[place] = lines
    assert found == {}


@pytest.mark.parametrize(
    ("line", "is_late"),
    [
        ("def f(raw): return msgspec.json.decode(raw, type=Plan)", True),
        ("def f(raw): return msgspec.json.decode(raw, type=list[Plan])", True),
        ("async def f(raw): return msgspec.msgpack.decode(raw, type=kind)", True),
        ("f = lambda row: msgspec.convert(row, Plan)", True),
        ("def f(raw): return msgspec.json.Decoder(Plan).decode(raw)", True),
        ("def f(raw): return json.decode(raw, type=Plan)", True),
        ("def f(raw): return decode(raw, type=Plan)", True),
        ("def f(row): return convert(row, Plan)", True),
        ("def f(): return partial(msgspec.convert, type=Plan)", True),
        ("def f(raw): return msgspec.json.decode(raw, type=dict[str, Any])", False),
        ("def f(raw): return msgspec.json.decode(raw)", False),
        ("_PLAN = msgspec.json.Decoder(Plan)\ndef f(raw): return _PLAN.decode(raw)", False),
        ("def f(row): return converter(Plan)(row)", False),
    ],
)
def test_what_counts_as_late(line: str, is_late: bool) -> None:
    assert bool(list(late_readers(ast.parse(line)))) == is_late
