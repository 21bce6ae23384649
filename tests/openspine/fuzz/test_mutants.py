"""Every small change of a source is made once, on a tree of its own; types and docstrings are left alone."""

import ast

import pytest

from openspine.fuzz.mutants import mutants

SOURCE = '''"""Text."""
from typing import Literal
Word = Literal["a", "b"]
MOST = 10


def small(x: int, *, is_open: bool = True) -> str | None:
    """More text."""
    if not x < MOST and is_open:
        return "no"
    return None
'''


def changed(source: str) -> list[str]:
    return [ast.unparse(mutant.tree) for mutant in mutants(source)]


def test_each_change_is_another_program_and_none_is_the_first() -> None:
    found = changed(SOURCE)
    assert len(set(found)) == len(found)
    assert ast.unparse(ast.parse(SOURCE)) not in found
    assert all("Literal['a', 'b']" in one and "Text." in one and "More text." in one for one in found)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1", ["x = 2", "x = 0"]),
        ("x = True", ["x = False"]),
        ("x = 'a'", ["x = 'XX'"]),
        ("x < y", ["x <= y", "x >= y"]),
        ("x in y", ["x not in y"]),
        ("x + y", ["x - y"]),
        ("x // y", ["x * y"]),
        ("x and y", ["x or y"]),
        ("min(x, y)", ["None", "max(x, y)"]),
        ("not x", ["not not x"]),
        ("x if y else z", ["x if not y else z", "x if True else z", "x if False else z"]),
        ("x += y", ["x += []"]),
        ("f(x)", ["None"]),
        ("x: int = y", []),
    ],
)
def test_what_becomes_of_an_expression(before: str, after: list[str]) -> None:
    assert changed(before) == after


def test_a_change_says_where_it_is() -> None:
    assert [(one.line, one.change) for one in mutants("x = y\nz = 3")] == [(2, "3 -> 4"), (2, "3 -> 2")]
