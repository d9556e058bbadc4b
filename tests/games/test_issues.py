"""Issues, deals and threats as data: constructors, orders of sides, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame, catalog
from games.errors import DiscountError, GameError, ProfileError
from games.issues import Bundle, Issue, Threat

GIVE = Issue.concession("leave", by="A", to="B", cost=1, value=3)
TAKE = Issue.concession("patrol less", by="B", to="A", cost=2, value=4)


def test_a_concession():
    assert GIVE.sides == ("A", "B")
    assert GIVE.agreed.tolist() == [[0, 0], [-1, 3]]
    assert GIVE.gain.tolist() == [[0, 0], [1, 0]]
    welcome = Issue.concession("a burden shed", by="A", to="B", cost=-1, value=3)
    assert not welcome.gain.any()


def test_a_game_as_an_issue():
    game = catalog.prisoners_dilemma()
    issue = Issue.from_game("arms", game)
    assert issue.options[0] == "Defect / Defect"
    for option, agreed, gain in zip(issue.options, issue.agreed, issue.gain):
        cell = tuple(game.action_index(i, a) for i, a in enumerate(option.split(" / ")))
        assert agreed.tolist() == game.payoffs[cell].tolist()
        for i in range(2):
            other = list(cell)
            other[i] = 1 - cell[i]
            better = game.payoffs[tuple(other)][i] - agreed[i]
            assert gain[i] == pytest.approx(max(better, 0))
    same = Issue.mutual(
        "arms",
        dict(zip(game.players, (3, 3))),
        dict(zip(game.players, (5, 5))),
        dict(zip(game.players, (1, 1))),
    )
    row = issue.options.index("Cooperate / Cooperate")
    assert same.agreed[1].tolist() == issue.agreed[row].tolist()
    assert same.gain[1].tolist() == issue.gain[row].tolist()


def test_sides_change_places():
    deal = Bundle([GIVE, TAKE], {"B": 0.8, "A": 0.7})
    assert deal.sides == ("A", "B")
    assert deal.discount.tolist() == [0.7, 0.8]
    assert deal.issues[1].agreed.tolist() == [[0, 0], [4, -2]]
    assert deal.issues[1].gain.tolist() == [[0, 0], [0, 2]]
    assert deal.side_index("B") == 1
    assert repr(deal) == "<Bundle between A and B: leave, patrol less>"


def test_data_at_rest_does_not_change():
    with pytest.raises(ValueError, match="read-only"):
        GIVE.agreed[0, 0] = 1
    with pytest.raises(AttributeError):
        Bundle([GIVE], 0.5).unit = "dollars"


def test_a_threat_as_a_game():
    threat = Threat("P", "Q", "pay", "leave", {"P": 2, "Q": -2}, {"P": 0, "Q": 0}, {"P": -3, "Q": -6}, 0.7)
    game = threat.game()
    assert game.payoff(("carry it out", "refuse")).tolist() == [-3, -6]
    assert game.payoff(("back down", "refuse")).tolist() == [0, 0]
    # An empty threat holds up a Nash equilibrium all the same, which is why equilibria of this form do not settle it.
    assert game.regret(("carry it out", "comply")).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Bundle([], 0.5), GameError, "at least one issue"),
        (lambda: Bundle([GIVE, GIVE], 0.5), GameError, "two issues"),
        (lambda: Bundle([GIVE], -0.1), DiscountError, "strictly between 0 and 1"),
        (lambda: Bundle([GIVE], 1.0), DiscountError, "strictly between 0 and 1"),
        (lambda: Bundle([GIVE], float("nan")), DiscountError, "strictly between 0 and 1"),
        (lambda: Bundle([GIVE], {"A": 0.5}), DiscountError, "of B is missing"),
        (lambda: Bundle([GIVE], {"A": 0.5, "C": 0.5}), ProfileError, "not a side"),
        (
            lambda: Bundle([GIVE, Issue.concession("x", "A", "C", 1, 1)], 0.5),
            ProfileError,
            "is not one of them",
        ),
        (lambda: Bundle([GIVE], 0.5, false_alarm=1.5), GameError, "probability"),
        (lambda: Bundle([GIVE], 0.5, false_alarm=0.5, detection=0.4), GameError, "at least as likely"),
        (lambda: Bundle([GIVE], 0.5).side_index("C"), ProfileError, "no side 'C'"),
        (lambda: Issue.concession("x", "A", "A", 1, 1), GameError, "different names"),
        (lambda: Issue.concession("x", "A", "B", float("nan"), 1), GameError, "finite"),
        (
            lambda: Issue.mutual("x", {"A": 1, "B": 1}, {"A": 1}, {"A": 1, "B": 1}),
            ProfileError,
            "defect names",
        ),
        (lambda: Issue.mutual("x", {"A": 1}, {"A": 1}, {"A": 1}), ProfileError, "between two"),
        (lambda: Issue.from_game("x", catalog.public_goods()), GameError, "two players"),
        (lambda: Issue.from_game("x", catalog.stag_hunt()), GameError, "does not have exactly one"),
        (lambda: Issue.from_game("x", catalog.matching_pennies()), GameError, "none"),
        (
            lambda: Issue.from_game("x", catalog.prisoners_dilemma(), breakdown=(0, 0)),
            GameError,
            "not a Nash equilibrium",
        ),
        (
            lambda: Issue("x", ("A", "B"), ("none",), np.zeros((1, 2)), np.zeros((1, 2))),
            GameError,
            "at least one other option",
        ),
        (
            lambda: Issue("x", ("A", "B"), ("none", "some"), np.zeros((2, 2)), -np.ones((2, 2))),
            GameError,
            "at least 0",
        ),
        (
            lambda: Issue("x", ("A", "B"), ("none", "some"), np.zeros((3, 2)), np.zeros((2, 2))),
            GameError,
            "shape",
        ),
        (lambda: Threat("P", "P", "", "", {"P": 1}, {"P": 1}, {"P": 1}, 0.5), GameError, "itself"),
        (
            lambda: Threat("P", "Q", "", "", {"P": 1}, {"P": 1, "Q": 1}, {"P": 1, "Q": 1}, 0.5),
            ProfileError,
            "complied is",
        ),
        (
            lambda: Threat("P", "Q", "", "", {"P": 1, "Q": 1}, {"P": 1, "Q": 1}, {"P": 1, "Q": 1}, 2),
            DiscountError,
            "strictly between",
        ),
    ],
)
def test_what_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_large_numbers_shifted_keep_their_gains():
    game = NormalFormGame.from_bimatrix(
        [[3 + 1e6, 1e6], [5 + 1e6, 1 + 1e6]], [[3 + 1e6, 5 + 1e6], [1e6, 1 + 1e6]]
    )
    assert Issue.from_game("arms", game).gain[1].tolist() == [2, 2]
