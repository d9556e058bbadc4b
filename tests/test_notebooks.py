"""Every notebook runs from top to bottom, and the numbers in it are the solvers' own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from games import load
from solvers import compare

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def run(name: str, expressions: dict[str, str]) -> dict[str, Any]:
    """Execute a notebook and evaluate some expressions in its last state."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    ask = "import json\nprint(json.dumps({" + ", ".join(f"{k!r}: {e}" for k, e in expressions.items()) + "}))"
    notebook.cells.append(nbformat.v4.new_code_cell(ask))
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOKS)}}
    ).execute()
    printed = "".join(o["text"] for o in notebook.cells[-1].outputs if o.get("name") == "stdout")
    answer: dict[str, Any] = json.loads(printed)
    return answer


def first() -> None:
    found = run(
        "01-concert-or-competition.ipynb",
        {
            "premium": "result.premium['premium low'].to_dict()",
            "complete": "competition.complete",
            "burden": "deal.burden_total['person burden high']",
            "friction": "other.model.friction",
            "verdict": "list(other.verdict)",
        },
    )
    model = load("us-china-russia-2025")
    assert found["premium"] == pytest.approx(compare.concert(model).premium["premium low"].to_dict())
    assert found["complete"]
    deal = compare.concert(model, map="Ukraine to Russia")
    assert found["burden"] == pytest.approx(deal.burden_total["person burden high"])
    assert found["friction"] == 2
    assert len(found["verdict"]) == 3


CHECKS: dict[str, Callable[[], None]] = {"01-concert-or-competition.ipynb": first}


def test_every_notebook_has_a_check():
    assert sorted(path.name for path in NOTEBOOKS.glob("*.ipynb")) == sorted(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_the_notebook_runs_and_its_numbers_hold(name):
    CHECKS[name]()


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda p: p.name)
def test_outputs_are_kept_and_none_is_an_error(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in code)
    assert not any(o.output_type == "error" for cell in code for o in cell.outputs)
