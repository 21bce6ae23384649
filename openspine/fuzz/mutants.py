"""Every small change of a source file: one mutant each, made on the syntax tree."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
}
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A changed tree, and where and how it was changed."""

    line: int
    change: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Change every expression and statement that runs, one at a time; types and docstrings do not run."""
    whole = ast.parse(source)
    for index, node in enumerate(_running(whole)):
        for change, edit in _edits(node):
            tree = copy.deepcopy(whole)
            copied = list(_running(tree))[index]
            edit(copied)
            yield Mutant(line=getattr(node, "lineno", 0), change=change, tree=ast.fix_missing_locations(tree))


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """Walk what runs, in a fixed order."""
    if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "Protocol" for base in node.bases):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_silent(child):
                yield from _running(child)


def _is_silent(node: ast.AST) -> bool:
    """Tell whether this is a docstring, an import or the definition of a type."""
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    is_type = isinstance(node, ast.Assign) and "Literal" in ast.dump(node.value)
    return is_text or is_type or isinstance(node, ast.Import | ast.ImportFrom)


Edit = Callable[[ast.AST], None]


def _edits(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    match node:
        case ast.Constant(value=bool() as value):
            yield f"{value} -> {not value}", _set("value", not value)
        case ast.Constant(value=int() as value):
            yield f"{value} -> {value + 1}", _set("value", value + 1)
            yield f"{value} -> {value - 1}", _set("value", value - 1)
        case ast.Constant(value=str() as value):
            yield f"{value!r} -> 'XX'", _set("value", "XX")
        case ast.Compare(ops=ops):
            for place, operator in enumerate(ops):
                for other in COMPARED[type(operator)]:
                    yield f"{_name(operator)} -> {other.__name__}", _replace_operator(place, other)
        case _:
            yield from _edits_of_sums(node)


def _edits_of_sums(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    match node:
        case ast.BinOp(op=operator) if type(operator) in COMPUTED:
            other_sum = COMPUTED[type(operator)]
            yield f"{_name(operator)} -> {other_sum.__name__}", _set("op", other_sum())
        case ast.BoolOp(op=ast.And()):
            yield "and -> or", _set("op", ast.Or())
        case ast.BoolOp(op=ast.Or()):
            yield "or -> and", _set("op", ast.And())
        case ast.Call(func=ast.Name(id=name)) if name in CALLED:
            yield f"{name} -> {CALLED[name]}", _set("func", ast.Name(id=CALLED[name], ctx=ast.Load()))
        case _:
            yield from _edits_of_flow(node)


def _edits_of_flow(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "not x -> x", _set("operand", ast.UnaryOp(op=ast.Not(), operand=operand))
        case ast.If(test=test) | ast.IfExp(test=test):
            yield "if x -> if not x", _set("test", ast.UnaryOp(op=ast.Not(), operand=test))
            for value in (True, False):
                yield f"if x -> if {value}", _set("test", ast.Constant(value=value))
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield "return x -> return None", _set("value", ast.Constant(value=None))
        case ast.Return(value=ast.Constant(value=None)):
            yield "return None -> return 'XX'", _set("value", ast.Constant(value="XX"))
        case ast.Expr(value=ast.Call()):
            yield "call -> nothing", _set("value", ast.Constant(value=None))
        case ast.AugAssign():
            yield "+= x -> nothing", _set("value", ast.List(elts=[], ctx=ast.Load()))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _name(node: ast.AST) -> str:
    return type(node).__name__


def _set(field: str, value: object) -> Edit:
    return lambda node: setattr(node, field, value)


def _replace_operator(place: int, other: type[ast.cmpop]) -> Edit:
    def edit(node: ast.AST) -> None:
        assert isinstance(node, ast.Compare)  # noqa: S101 (the pattern above has matched it)
        node.ops[place] = other()

    return edit
