"""Small mutations of a file's source: one operator, constant, condition or statement changed at a time.

What people read is left alone (docstrings, f-strings, the arguments of `raise`, how many rows a view shows), and so are
annotations, imports and decorators:
a test of behaviour need not notice those.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Mutant", "code_of", "mutants"]

_COMPARISONS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
_PAIRS = [
    ("min", "max"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("any", "all"),
    ("floor", "ceil"),
    ("nanmin", "nanmax"),
    ("logical_and", "logical_or"),
    ("union", "intersection"),
]
# How a table or a file is laid out.
_LAYOUT = ("_rows_shown", "indent", "max_rows", "border")
_NAMES = dict(_PAIRS) | {b: a for a, b in _PAIRS}


class Mutant(NamedTuple):
    """One change. `lines` are those of the changed statement, `field` and `index` the place of `old` in `parent`."""

    where: str
    change: str
    lines: range
    parent: ast.AST
    field: str
    index: int | None
    new: ast.AST

    @property
    def key(self) -> str:
        """What names the mutant while other lines of the file move."""
        return f"{self.where}: {self.change}"


def code_of(tree: ast.Module, mutant: Mutant, path: str) -> object:
    """The compiled module with the change made; the tree itself is left as it was."""
    place = getattr(mutant.parent, mutant.field)
    if mutant.index is None:
        setattr(mutant.parent, mutant.field, mutant.new)
        try:
            return compile(tree, path, "exec", dont_inherit=True)
        finally:
            setattr(mutant.parent, mutant.field, place)
    old = place[mutant.index]
    place[mutant.index] = mutant.new
    try:
        return compile(tree, path, "exec", dont_inherit=True)
    finally:
        place[mutant.index] = old


def mutants(tree: ast.Module) -> list[Mutant]:
    """All mutants of a module, in the order of its lines."""
    return list(_walk(tree, "", range(0)))


def _walk(node: ast.AST, where: str, lines: range) -> Iterator[Mutant]:
    if isinstance(node, ast.stmt):
        lines = _header(node)
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        where = f"{where}.{node.name}" if where else node.name
    for field, value in ast.iter_fields(node):
        if _left_alone(node, field):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST):
                continue
            span = _header(child) if isinstance(child, ast.stmt) else lines
            if _last(child) and _is_reshape(node):
                # Any negative length means the same to NumPy.
                continue
            axis = isinstance(node, ast.keyword) and node.arg == "axis"
            for new in _axes(child) if axis else _changes(child, node, field):
                ast.copy_location(new, child)
                ast.fix_missing_locations(new)
                name = where or "module"
                yield Mutant(name, f"{_text(child)} -> {_text(new)}", span, node, field, index, new)
            if not axis:
                yield from _walk(child, where, lines)


def _left_alone(node: ast.AST, field: str) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr | ast.Raise | ast.Assert):
        return True
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return True
    if isinstance(node, ast.Assign) and any(
        isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets
    ):
        return True
    if isinstance(node, ast.keyword) and node.arg in _LAYOUT:
        return True
    if isinstance(node, ast.Assign) and any(
        isinstance(t, ast.Name) and t.id in _LAYOUT for t in node.targets
    ):
        return True
    return field in ("annotation", "returns", "decorator_list", "bases", "ctx", "op", "ops")


def _header(node: ast.stmt) -> range:
    """The statement's own lines; of a compound statement, those above its body."""
    last = node.end_lineno or node.lineno
    body = getattr(node, "body", None)
    if body:
        last = max(node.lineno, body[0].lineno - 1)
    return range(node.lineno, last + 1)


def _axes(node: ast.AST) -> list[ast.expr]:
    return [ast.Constant(-1) if _text(node) == "0" else ast.Constant(0)]


def _changes(node: ast.AST, parent: ast.AST, field: str) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left, ops, comparators):
            for k, operator in enumerate(ops):
                for other in _COMPARISONS[type(operator)]:
                    yield ast.Compare(left, [*ops[:k], other(), *ops[k + 1 :]], comparators)
        case ast.BinOp(left, operator, right) if type(operator) in _ARITHMETIC and not _is_words(node):
            yield ast.BinOp(left, _ARITHMETIC[type(operator)](), right)
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.UnaryOp(operator, operand) if not isinstance(operand, ast.Constant):
            yield operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Constant(value=float(value)):
            yield ast.Constant(value + 1)
        case ast.Name(name, context) if name in _NAMES and isinstance(parent, ast.Call) and field == "func":
            yield ast.Name(_NAMES[name], context)
        case ast.Attribute(value, name, context) if name in _NAMES:
            yield ast.Attribute(value, _NAMES[name], context)
        case ast.AugAssign(target, operator, value) if type(operator) in _ARITHMETIC:
            yield ast.AugAssign(target, _ARITHMETIC[type(operator)](), value)
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
    # A condition without an operator of its own is negated.
    if field == "test" and isinstance(
        node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.NamedExpr
    ):
        yield ast.UnaryOp(ast.Not(), node)


def _last(node: ast.AST) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and _text(node) == "-1"


def _is_reshape(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "reshape"


def _is_words(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def _text(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())
