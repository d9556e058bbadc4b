"""Public names: `docs/api.md` and the site's API pages, from the docstrings.

`python docs/_names.py` rewrites `docs/api.md`; a test asserts that it equals what the docstrings give.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]

# What the packages' faces do not list, but people import. Everything on the faces is added.
GROUPS = {
    "What is played": (
        "games",
        [
            "games.scenario",
            "games.spheres",
            "games.spheres.contest",
            "games.spheres.payoffs",
            "games.spheres.stances",
            "games.issues",
            "games.bayesian",
            "games.catalog.trees",
        ],
    ),
    "What follows": (
        "solvers",
        [
            "solvers.base.deadline",
            "solvers.base.options",
            "solvers.base.progress",
            "solvers.base.result",
            "solvers.spheres.endurance",
            "solvers.spheres.equilibria",
            "solvers.spheres.stability",
            "solvers.spheres.standing",
            "solvers.spheres.third_parties",
        ],
    ),
    "What people read": ("reports", ["reports.explore"]),
}

HEAD = """# Public names

Everything that can be imported, by the module to import it from, with one line each. `help(name)` says the rest: arguments with
shapes and units, errors, the source, an example. Modules and names that are not listed here are inner workings and may change.
This page is made from the docstrings by `make docs`.
"""


def modules(package: str) -> list[str]:
    """The package, the modules that its face lists, and those that `GROUPS` adds, in order."""
    face, more = next(group for group in GROUPS.values() if group[0] == package)
    names = set(more)
    top = importlib.import_module(face)
    for name in top.__all__:
        value = getattr(top, name)
        if inspect.ismodule(value):
            names.add(value.__name__)
    return [face, *sorted(names)]


def names(module: ModuleType) -> list[str]:
    """Public names of a module that are not modules; of the catalogue without its games, which `catalog.table()` lists."""
    games = set(module.names()) if module.__name__ == "games.catalog" else set()
    return [n for n in sorted(module.__all__) if n not in games and not inspect.ismodule(getattr(module, n))]


def line(module: ModuleType, name: str) -> str:
    """The first sentence of what a name is."""
    value = getattr(module, name)
    if inspect.isclass(value) or inspect.isroutine(value):
        text = inspect.getdoc(value) or ""
    else:
        text = _constant(module, name)
    first = " ".join(text.strip().split("\n\n")[0].split())
    if not first:
        raise SystemExit(f"{module.__name__}.{name} has no docstring")
    return first.replace("|", "\\|")


def _constant(module: ModuleType, name: str) -> str:
    """The string below an assignment, else the comment above it, in the module where it is made."""
    source = inspect.getsource(module)
    lines = source.splitlines()
    body = ast.parse(source).body
    for node, after in zip(body, [*body[1:], None]):
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        if not any(isinstance(t, ast.Name) and t.id == name for t in targets):
            continue
        if (
            isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            return after.value.value
        start, comment = node.lineno - 2, []
        while start >= 0 and lines[start].startswith("#"):
            comment.insert(0, lines[start].lstrip("#: "))
            start -= 1
        return " ".join(comment)
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and any((a.asname or a.name) == name for a in node.names)
        ):
            return _constant(importlib.import_module(node.module), name)
    return ""


def rows(name: str) -> Iterator[tuple[str, str]]:
    """Names of a module with one line each."""
    module = importlib.import_module(name)
    for n in names(module):
        yield n, line(module, n)


def page() -> str:
    """The text of `docs/api.md`."""
    parts = [HEAD]
    for title, (package, _) in GROUPS.items():
        parts.append(f"## {title}\n")
        for name in modules(package):
            module = importlib.import_module(name)
            about = " ".join((module.__doc__ or "").strip().split("\n\n")[0].split())
            listed = [f"| `{n}` | {text} |" for n, text in rows(name)]
            parts.append(f"### {name}\n\n{about}\n")
            if listed:
                parts.append("\n".join(["| name | what |", "|---|---|", *listed]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(ROOT))
    (ROOT / "docs" / "api.md").write_text(page(), encoding="utf-8")
