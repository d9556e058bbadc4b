"""Build the documentation site: `make docs`.

Pages, notebooks, the list of public names and the gallery are put together in `docs/_build/source`, and Sphinx makes
`docs/_build/site` of them, with warnings as errors. Nothing is loaded from anywhere, then or when the site is read.
"""

from __future__ import annotations

import argparse
import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
sys.path[:0] = [str(ROOT), str(DOCS)]

# Pages outside `docs`, and what they are called on the site.
OTHERS = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "benchmarks/README.md": "benchmarks.md",
}

# Results with pictures of their own, and how to come by one.
_DRAWN = """from games import load
from solvers import uncertainty
model = load("us-china-russia-2021")"""
RESULTS = {
    "Comparison": """from games import load
from solvers import compare
result = compare.concert(load("us-china-russia-2025"), map="Ukraine to Russia")""",
    "PayoffSet": """from games import RepeatedGame, catalog
from solvers import repeated
result = repeated.payoff_set(RepeatedGame(catalog.prisoners_dilemma(), 0.6))""",
    "SolutionTable": """from games import catalog
from solvers import bargaining
result = bargaining.solve_all(bargaining.from_game(catalog.battle_of_the_sexes(), "minmax"))""",
    "Triangles": """from games import load
from solvers import triangle
result = triangle.from_model(load("us-china-russia-2025"))""",
    "Outcomes": f"""{_DRAWN}
result = uncertainty.evaluate(model, model.draws(1024))""",
    "Matched": f"""{_DRAWN}
result = uncertainty.match(uncertainty.evaluate(model, model.draws(1024)), "2021")""",
    "Tornado": f"""{_DRAWN}
result = uncertainty.tornado(model)""",
    "SobolIndices": f"""{_DRAWN}
result = uncertainty.sobol(model, n=64)""",
    "Phase": f"""{_DRAWN}
result = uncertainty.phase(model, "friction", "war_cost")""",
    "Discovery": f"""{_DRAWN}
result = uncertainty.discover(uncertainty.evaluate(model, model.draws(1024)), "Russia gains")""",
    "Variants": f"""{_DRAWN}
result = uncertainty.variants(model, model.draws(256))""",
    "Assessment": f"""{_DRAWN}
result = uncertainty.assess(model, draws=512)""",
}


def stage(source: Path) -> None:
    """Put all pages in place."""
    if source.exists():
        shutil.rmtree(source)
    shutil.copytree(DOCS / "site", source)
    for page in sorted(DOCS.glob("*.md")):
        _page(page, source / page.name)
    for picture in (*DOCS.glob("*.svg"), *DOCS.glob("*.png")):
        shutil.copy(picture, source)
    if not (source / "validation.md").exists():
        index = source / "index.md"
        index.write_text(index.read_text(encoding="utf-8").replace("\nvalidation\n", "\n"), encoding="utf-8")
    for name, target in OTHERS.items():
        _page(ROOT / name, source / target)
    (source / "cite.md").write_text(
        (source / "cite.md").read_text(encoding="utf-8").replace("CITATION", _citation()), encoding="utf-8"
    )
    shutil.copytree(
        ROOT / "notebooks",
        source / "notebooks",
        ignore=shutil.ignore_patterns(".ipynb_checkpoints", "*.py", "*.html"),
    )
    for notebook in (source / "notebooks").glob("*.ipynb"):
        notebook.write_text(_quiet(notebook.read_text(encoding="utf-8")), encoding="utf-8")
    _notebooks(source)
    _reference(source)
    _gallery(source)
    _side_by_side(source)


def _side_by_side(source: Path) -> None:
    """The shipped example of a comparison of many: three years, as the command writes it."""
    from games import load
    from reports import side_by_side
    from solvers import compare

    years = ("2017", "2021", "2025")
    results = [compare.concert(load(f"us-china-russia-{year}")) for year in years]
    lines = side_by_side.report(results, None, years).markdown().splitlines()
    about = (
        "What `concert compare us-china-russia-2017 us-china-russia-2021 us-china-russia-2025` says; a map or changed inputs may "
        "follow each scenario after a colon."
    )
    (source / "side-by-side.md").write_text(
        "\n".join(["# 2017, 2021 and 2025 side by side", "", about, *lines[1:], ""]), encoding="utf-8"
    )


def _page(page: Path, target: Path) -> None:
    """A page with its links to other pages as they are on the site; other files of the repository are named, not linked."""
    text = page.read_text(encoding="utf-8")

    def link(match: re.Match[str]) -> str:
        words, where = match[1], match[2]
        if re.match(r"[a-z]+:|#", where):
            return match[0]
        path, hash_, anchor = where.partition("#")
        file = (page.parent / path).resolve()
        name = str(file.relative_to(ROOT))
        known = {"README.md": "index.md", "CITATION.cff": "cite.md", **OTHERS}
        if name in known:
            return f"[{words}]({known[name]}{hash_}{anchor})"
        if file.parent == DOCS and file.suffix in (".md", ".svg", ".png"):
            return f"[{words}]({file.name}{hash_}{anchor})"
        return words if words.startswith("`") else f"{words} (`{name}`)"

    # Code that has no language of its own on the site is shown as it is.
    text = re.sub(r"^```py$", "```python", text, flags=re.M)
    target.write_text(re.sub(r"\[([^\]]*)\]\(([^)\s]+)\)", link, text), encoding="utf-8")


def _citation() -> str:
    """The citation in words and as BibTeX, from CITATION.cff."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")

    def field(name: str) -> str:
        found = re.search(rf'^(?:- )?\s*{name}: "?(.*?)"?$', text, re.M)
        assert found, name
        return found[1]

    author, title, version, date = field("- name"), field("title"), field("version"), field("date-released")
    year = date[:4]
    return f"""> {author} ({year}). *{title}*. Version {version}.

```bibtex
@software{{concert_of_powers,
  author  = {{{{{author}}}}},
  title   = {{{title}}},
  version = {{{version}}},
  date    = {{{date}}},
  year    = {{{year}}}
}}
```"""


def _quiet(notebook: str) -> str:
    """A notebook without the metadata that its kept pictures carry."""
    return (
        re.sub(r"<metadata>.*?</metadata>", "", notebook, flags=re.S)
        if "<metadata>" in notebook
        else notebook
    )


def _notebooks(source: Path) -> None:
    names = sorted(path.stem for path in (source / "notebooks").glob("*.ipynb"))
    lines = "\n".join(names)
    (source / "notebooks" / "index.md").write_text(
        "# Notebooks\n\nKept with their outputs, and run by the tests. `make notebooks` opens them in Jupyter.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{lines}\n```\n",
        encoding="utf-8",
    )


def _reference(source: Path) -> None:
    """One page a module, from the docstrings."""
    import inspect

    import _names

    folder = source / "reference"
    folder.mkdir()
    entries: list[str] = []
    # A name that several modules offer is described where it is at home, the module with the longest name.
    home: dict[int, str] = {}
    for package, _ in _names.GROUPS.values():
        for name in sorted(_names.modules(package), key=len):
            module = importlib.import_module(name)
            home |= {id(getattr(module, member)): name for member in _names.names(module)}
    for title, (package, _) in _names.GROUPS.items():
        entries.append(f"\n## {title}\n\n```{{toctree}}\n:maxdepth: 1\n")
        for name in _names.modules(package):
            module = importlib.import_module(name)
            about = inspect.getdoc(module) or ""
            text = [f"# {name}", "", about, ""]
            for member in _names.names(module):
                value = getattr(module, member)
                described = inspect.isclass(value) or inspect.isroutine(value)
                if described and home[id(value)] != name:
                    text += [f"`{member}`: see [{home[id(value)]}]({home[id(value)]}.md).", ""]
                elif inspect.isclass(value):
                    text += _directive("autoclass", f"{name}.{member}", ":members:")
                elif inspect.isroutine(value):
                    text += _directive("autofunction", f"{name}.{member}")
                else:
                    text += _directive("py:data", f"{name}.{member}", "", _names.line(module, member))
            (folder / f"{name}.md").write_text("\n".join(text), encoding="utf-8")
            entries.append(name)
        entries.append("```\n")
    (folder / "index.md").write_text(
        "# Reference\n\nEvery public module, from its docstrings. [Public names](../api.md) has all names on one page.\n"
        + "\n".join(entries),
        encoding="utf-8",
    )


def _directive(kind: str, name: str, *body: str) -> list[str]:
    return ["```{eval-rst}", f".. {kind}:: {name}", *(f"   {line}".rstrip() for line in body), "```", ""]


def _gallery(source: Path) -> None:
    """Every picture that a result has, drawn by the code beside it."""
    from reports import plot
    from reports.figures import compose, svg

    folder = source / "pictures"
    folder.mkdir()
    text = [(source / "gallery.md").read_text(encoding="utf-8")]
    for kind, pictures in plot._PICTURES.items():
        names: dict[str, object] = {}
        exec(compile(RESULTS[kind], kind, "exec"), names)
        text.append(f"## {kind}\n\n```python\n{RESULTS[kind]}\n```\n")
        for name, entry in pictures.items():
            found = plot.accessor(names["result"]).figure(name)
            file = f"{kind.lower()}-{name}.svg"
            (folder / file).write_text(
                svg.write(compose(found), title=found.caption, description=found.alt), encoding="utf-8"
            )
            alt = re.sub(r"\s+", " ", found.alt).replace('"', "'").replace("[", "(").replace("]", ")")
            title = entry.shows[0].upper() + entry.shows[1:]
            text.append(f"### {title}\n\n```python\nresult.plot.{name}()\n```\n\n![{alt}](pictures/{file})\n")
    (source / "gallery.md").write_text("\n".join(text), encoding="utf-8")


# What Sphinx and the theme leave out for those who read by ear or by keyboard.
ACCESSIBLE = {
    'role="heading">': 'role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer': '<aside aria-label="On this page" class="toc-drawer',
    # Whatever may scroll sideways can be reached by keys.
    "<pre>": '<pre tabindex="0">',
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
    '<div class="formula">': '<div tabindex="0" class="formula">',
    '<div class="output text_html">': '<div tabindex="0" class="output text_html">',
    '<div id="search-results">': '<h1>Search</h1>\n<div id="search-results">',
}


def make_accessible(site: Path) -> None:
    """Landmarks with names, headings with levels, and keys for what scrolls."""
    for page in sorted(site.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        for old, new in ACCESSIBLE.items():
            text = text.replace(old, new)
        page.write_text(text, encoding="utf-8")


def check(site: Path) -> None:
    """Stop if a page of the site loads anything that is not beside it."""
    elsewhere = r"""["']?(?:https?:)?//"""
    loads = re.compile(
        rf"""<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|data|srcset)={elsewhere}"""
        rf"""|<link\b(?=[^>]*\brel=["']?(?:stylesheet|preload|prefetch|preconnect|dns-prefetch|icon|shortcut|modulepreload))"""
        rf"""[^>]*?\bhref={elsewhere}"""
    )
    styles = re.compile(r"""url\(\s*["']?(?:https?:)?//|@import\s+(?:url\()?["']?(?:https?:)?//""")
    faults = [p for p in sorted(site.rglob("*.html")) if loads.search(p.read_text(encoding="utf-8"))]
    faults += [p for p in sorted(site.rglob("*.css")) if styles.search(p.read_text(encoding="utf-8"))]
    if faults:
        raise SystemExit("these load something from elsewhere: " + ", ".join(map(str, faults)))


def main() -> None:
    """Stage, build, check."""
    import _names

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--output", type=Path, default=DOCS / "_build", help="folder for source and site")
    options.add_argument("--names", action="store_true", help="only rewrite docs/api.md")
    chosen = options.parse_args()
    (DOCS / "api.md").write_text(_names.page(), encoding="utf-8")
    if chosen.names:
        return
    source, site = chosen.output / "source", chosen.output / "site"
    stage(source)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "--keep-going",
            "-q",
            "-E",
            "-b",
            "html",
            str(source),
            str(site),
        ],
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.returncode)
    make_accessible(site)
    check(site)
    print(f"The documentation is in {site / 'index.html'}")


if __name__ == "__main__":
    main()
