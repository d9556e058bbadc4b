"""Who forgets what: perfect recall after Kuhn (1953)."""

from __future__ import annotations

import pytest

from games import ExtensiveGame
from games.errors import GameError
from games.extensive import Decision, Terminal


def test_imperfect_recall_is_named_and_refused_where_it_matters() -> None:
    end = Terminal([0])

    def again(k: int) -> Decision:
        return Decision("A", {"l": Terminal([k]), "r": end}, "h")

    forgets = ExtensiveGame(Decision("A", {"x": again(1), "y": again(2)}, "g"))
    assert forgets.recall_fault == (
        "A has imperfect recall: information set 'h' holds a node after 'x' at 'g' and one after 'y' at 'g'"
    )
    with pytest.raises(GameError, match=r"needs perfect recall\. A has imperfect recall"):
        forgets.to_behaviour([[1, 0, 0, 0]])
    # The normal form needs no recall.
    assert forgets.normal_form(reduced=False).shape == (4,)
    absent = ExtensiveGame(
        Decision("A", {"on": Decision("A", {"on": end, "off": end}, "d"), "off": end}, "d")
    )
    assert "no move of its own" in str(absent.recall_fault)
