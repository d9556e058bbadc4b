"""Settings of the documentation site; `docs/build.py` puts the pages in place and runs Sphinx."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.ext.napoleon.docstring import GoogleDocstring, NumpyDocstring

import games

project = "concert-of-powers"
author = "The concert-of-powers founders"
copyright = author
version = release = games.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
# Notebooks are shown as they are kept; the tests run them.
nb_execution_mode = "off"
nb_mime_priority_overrides = [("html", "image/svg+xml", 0)]
# Interactive outputs are not used, and their loader would come from another machine.
nb_ipywidgets_js: dict[str, Any] = {}

default_role = "code"
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_google_docstring = False
# Types in docstrings are words, not names to link to.
napoleon_use_param = False
napoleon_use_rtype = False
napoleon_custom_sections = [("Attributes", "params_style")]
add_module_names = False
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = f"concert-of-powers {version}"
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
# Summaries are fetched page by page, which a browser refuses to a site opened from a folder; search itself needs none.
html_show_search_summary = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
pygments_style, pygments_dark_style = "a11y-high-contrast-light", "a11y-high-contrast-dark"
html_math_renderer = "mathml"
html_theme_options = {"navigation_with_keys": True, "footer_icons": []}


def _inline(self: Any, node: nodes.math) -> None:
    self.body.append(tex2mathml(node.astext(), as_block=False))
    raise nodes.SkipNode


def _block(self: Any, node: nodes.math_block) -> None:
    self.body.append(f'<div class="formula">{tex2mathml(node.astext(), as_block=True)}</div>')
    raise nodes.SkipNode


_field = NumpyDocstring._consume_field


def _sentence(self: Any, parse_type: bool = True, prefer_type: bool = False) -> tuple[str, str, list[str]]:
    """A field whose type and description are one sentence over several lines, as docstrings here write them."""
    name, kind, words = _field(self, parse_type, prefer_type)
    if prefer_type or not kind:
        return name, kind, words
    first = words[0] if words else ""
    if first.startswith("- "):
        return name, "", [f"{kind}:", "", *words]
    # A description that is a sentence of its own begins with a capital.
    joint = ". " if first[:1].isupper() else " "
    return name, "", [f"{kind}{joint if first else ''}{first}", *words[1:]]


def setup(app: Any) -> None:
    """Formulas as MathML, which browsers draw themselves, and docstrings as they are meant."""
    # Napoleon takes what stands before a colon in a property's docstring for a type; here it is part of a sentence.
    GoogleDocstring._consume_inline_attribute = lambda self: ("", self._dedent(self._consume_to_end()))
    NumpyDocstring._consume_field = _sentence
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
