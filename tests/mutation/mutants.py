"""Mutants: a module's source with one small mistake in it, made on its syntax tree.

What can go wrong where numbers are computed and states are set: a comparison, an operator, a
number, a condition, a statement left out, a constant taken for its neighbour. Docstrings, imports
and decorators are left alone. A mutant is named by its function and by the statement before and
after, never by a line number, so that its name holds while the code around it moves.
"""

import ast
from collections import Counter
from dataclasses import dataclass

COMPARE = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}  # fmt: skip
BINARY = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
}  # fmt: skip
CALLS = {"min": "max", "max": "min", "expm1": "exp", "log1p": "log", "log": "log1p", "exp": "expm1"}


@dataclass(frozen=True)
class Mutant:
    """One mistake.

    module    name of the file, without .py
    function  name of the function it is in, or "module"
    change    the statement before and after, as one line
    lines     where, in the source as it is now: the statement's own lines
    tree      the module with the mistake; only until the next mutant is asked for
    """

    module: str
    function: str
    change: str
    lines: range
    tree: ast.Module

    @property
    def name(self):
        """What it is known by in results and in the list of explained survivors."""
        return f"{self.module}.{self.function}: {self.change}"


def number(node):
    """Neighbours of a number."""
    value = node.value
    if isinstance(value, bool):
        return [ast.Constant(not value)]
    if isinstance(value, int):
        return [ast.Constant(value + 1), ast.Constant(value - 1)] if value else [ast.Constant(1)]
    if isinstance(value, float):
        return [ast.Constant(value * 1.25 if value else 1.0)]
    return []


def expressions(node, siblings):
    """What could stand by mistake where an expression stands."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return [
            ast.Compare(node.left, [op()], node.comparators) for op in COMPARE[type(node.ops[0])]
        ]
    if isinstance(node, ast.Compare):
        return [
            ast.Compare(node.left, [*node.ops[:i], new(), *node.ops[i + 1 :]], node.comparators)
            for i, op in enumerate(node.ops)
            for new in COMPARE[type(op)]
        ]
    if isinstance(node, ast.BinOp):
        return [ast.BinOp(node.left, BINARY[type(node.op)](), node.right)]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        dropped = [node.values[:i] + node.values[i + 1 :] for i in range(len(node.values))]
        less = [v[0] if len(v) == 1 else ast.BoolOp(node.op, v) for v in dropped]
        return [ast.BoolOp(other, node.values), *less]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.Constant):
        return number(node)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in siblings:
        return [ast.Name(siblings[node.id], ast.Load())]
    return called(node)


def called(node):
    """Another function for one that is easily taken for it."""
    if not isinstance(node, ast.Call):
        return []
    f = node.func
    if isinstance(f, ast.Name) and f.id in CALLS:
        return [ast.Call(ast.Name(CALLS[f.id], ast.Load()), node.args, node.keywords)]
    if isinstance(f, ast.Attribute) and f.attr in CALLS:
        attribute = ast.Attribute(f.value, CALLS[f.attr], ast.Load())
        return [ast.Call(attribute, node.args, node.keywords)]
    return []


def statements(node):
    """What could stand by mistake where a statement stands."""
    if isinstance(node, ast.If):
        never = ast.If(ast.Constant(False), node.body, node.orelse)
        return [never, ast.If(ast.Constant(True), node.body, node.orelse)]
    if isinstance(node, ast.AugAssign):
        other = ast.AugAssign(node.target, BINARY[type(node.op)](), node.value)
        return [other, ast.Pass()]
    if isinstance(node, ast.Assign) and len(node.targets) > 1:
        rest = [node.targets[:i] + node.targets[i + 1 :] for i in range(len(node.targets))]
        return [ast.Assign(targets, node.value) for targets in rest]
    if isinstance(node, ast.Assign) and not names_only(node.targets[0]):
        return [ast.Pass(), *left_out(node)]
    if isinstance(node, (ast.Continue, ast.Break)):
        return [ast.Break() if isinstance(node, ast.Continue) else ast.Continue()]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return [ast.Pass()]
    return []


def names_only(target):
    """Whether an assignment binds local names and nothing else: without it nothing would run."""
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    return all(isinstance(part, ast.Name) for part in parts)


def left_out(node):
    """A tuple assigned but for one of its parts."""
    target, value = node.targets[0], node.value
    if not (isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)):
        return []
    return [
        ast.Assign(
            [ast.Tuple(target.elts[:i] + target.elts[i + 1 :], ast.Store())],
            ast.Tuple(value.elts[:i] + value.elts[i + 1 :], ast.Load()),
        )
        for i in range(len(target.elts))
        if not isinstance(target.elts[i], ast.Name)
    ]


def neighbours(tree):
    """For each constant the module imports or lists in capitals, the next one, in a ring."""
    names = sorted(
        {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id.isupper()}
        & {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
    )
    return dict(zip(names, names[1:] + names[:1], strict=True)) if len(names) > 1 else {}


def is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def places(tree):
    """(function, statement, node, parent, field, index) of everything that may be mutated."""

    def walk(node, function, statement):
        for field, value in ast.iter_fields(node):
            if field in ("decorator_list", "annotation", "returns", "args") and isinstance(
                node, (ast.FunctionDef, ast.ClassDef, ast.AnnAssign)
            ):
                continue
            children = value if isinstance(value, list) else [value]
            for i, child in enumerate(children):
                if not isinstance(child, ast.AST) or is_docstring(child):
                    continue
                if isinstance(child, (ast.Import, ast.ImportFrom, ast.JoinedStr)):
                    continue
                if isinstance(child, ast.Subscript) and ast.unparse(child) == "world[0]":
                    continue  # there is one world only
                index = i if isinstance(value, list) else None
                inside = child.name if isinstance(child, ast.FunctionDef) else function
                here = child if isinstance(child, ast.stmt) else statement
                yield inside, here, child, node, field, index
                yield from walk(child, inside, here)

    yield from walk(tree, "module", None)


def own_lines(statement):
    """Lines of a statement without those of the statements in it."""
    body = getattr(statement, "body", None)
    end = body[0].lineno if body else statement.end_lineno + 1
    return range(statement.lineno, max(end, statement.lineno + 1))


def head(statement):
    """A statement as one line; of a compound one, its first."""
    return ast.unparse(statement).split("\n")[0]


def mutants(module, source):
    """Every mutant of a module's source, one at a time: the tree is made whole again after each."""
    tree = ast.parse(source)
    siblings = neighbours(tree)
    seen: Counter = Counter()
    for function, statement, node, parent, field, index in places(tree):
        is_statement = isinstance(node, ast.stmt)
        found = statements(node) if is_statement else expressions(node, siblings)
        before = head(statement)
        for new in found:
            ast.fix_missing_locations(ast.copy_location(new, node))
            put(parent, field, index, new)
            change = f"{before} -> {head(new if node is statement else statement)}"
            seen[function, change] += 1
            if seen[function, change] > 1:
                change += f" (#{seen[function, change]})"
            yield Mutant(module, function, change, own_lines(statement), tree)
            put(parent, field, index, node)


def put(parent, field, index, node):
    """Set a child of a node of the tree."""
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node
