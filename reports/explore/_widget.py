"""The explorer in a notebook: the same page as `concert explore`, with messages to the kernel in place of requests."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from games.errors import MethodError
from reports.explore import _page
from reports.explore._state import Explorer
from reports.figures.canvas import PALETTE

if TYPE_CHECKING:
    from games.spheres import SpheresModel

__all__ = ["explore", "script", "style"]


def script() -> str:
    """The page's script, one module."""
    return resources.files("reports").joinpath("explore/explore.js").read_text(encoding="utf-8")


def style() -> str:
    """The page's style sheet. Pictures carry plain colours; it makes them follow the page, light or dark."""
    rules = [resources.files("reports").joinpath("explore/explore.css").read_text(encoding="utf-8")]
    rules += [
        f'.concert-explore svg [{attribute}="{colour}"] {{ {attribute}: var(--{name}); }}\n'
        for name, colour in PALETTE.items()
        for attribute in ("fill", "stroke")
    ]
    return "".join(rules)


def explore(
    model: SpheresModel | str | Path = "us-china-russia-2025",
    numbers: Sequence[str] | None = None,
    seed: int = 0,
) -> Any:
    """The explorer as a widget of a notebook: menus and sliders, and what follows from them at once.

    Controls choose the scenario, map, regime, an observed profile to compare with, up to a dozen assumed numbers, and the
    switches of the model's structure. Payoffs, equilibria, critical discount factors, autonomy, shares of draws and the map of
    spheres follow. *Save as scenario* writes the scenario with these choices into the present folder. Where no kernel runs, the
    cell shows the first view as tables.

    Parameters
    ----------
    model : a model, or the name or path of a scenario; the default scenario if left out
    numbers : paths of the assumed numbers that get a slider, at most twelve; by default the free numbers of the model and
        each power's patience
    seed : of the draws behind the shares

    Returns
    -------
    anywidget.AnyWidget; a notebook shows it as the value of a cell

    Raises
    ------
    ScenarioError
        For a scenario, number or model that is not there, more than twelve numbers, or six powers and more.
    MethodError
        Where the extra `explore` is not installed.
    """
    try:
        import anywidget
        import traitlets
    except ImportError:
        raise MethodError(
            "sliders in a notebook need the extra explore: pip install 'concert-of-powers[explore]'"
        ) from None

    explorer = Explorer(model, numbers, seed)

    still = _page.still(explorer)

    class Explore(anywidget.AnyWidget):  # type: ignore[misc, unused-ignore]
        """The page in a cell."""

        _esm = traitlets.Unicode(script()).tag(sync=True)
        _css = traitlets.Unicode(style()).tag(sync=True)

        def _repr_mimebundle_(self, **kwargs: Any) -> Any:
            """The widget, and for readers without a kernel the first view as words and tables."""
            found = super()._repr_mimebundle_(**kwargs)
            if found is None:
                return None
            data, metadata = found if isinstance(found, tuple) else (found, {})
            return {**data, **still}, metadata

        def reply(self, _: Any, content: Any, __: Any) -> None:
            """Answer a message of the page."""
            self.send({"id": content["id"], "answer": _page.answer(explorer, content["request"])})

    widget = Explore()
    widget.on_msg(widget.reply)
    return widget
