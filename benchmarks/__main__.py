"""Run every benchmark in a process of its own and assemble their tables: `python -m benchmarks [NAME ...]`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
INTRODUCTION = """# Benchmarks

Processor time, ours and the peers' in one process on the same input, with one thread for linear algebra; first calls (with
imports and compilation) and later calls apart. Machines differ and are noisy: read the ratios. Rows in which a peer is
faster than we are stay in. `make bench` runs all of this anew.
"""


def _headed(path: Path) -> str:
    text = path.read_text().strip()
    return text if text.startswith("## ") else f"## {path.stem.replace('_', ' ').capitalize()}\n\n{text}"


def main(names: list[str]) -> None:
    known = sorted(path.stem for path in HERE.glob("[!_]*.py"))
    for name in names or known:
        if name not in known:
            sys.exit(f"no benchmark {name!r}; known: {', '.join(known)}")
        print(f"== {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent, check=True)
    tables = [_headed(path) for path in sorted((HERE / "tables").glob("*.md"))]
    (HERE / "README.md").write_text("\n\n".join([INTRODUCTION.strip(), *tables]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
