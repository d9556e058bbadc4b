"""A model on its path: regions that change hands, leaders who are replaced, checked by hand."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import ScenarioError, SizeError
from games.spheres import Claim, Member, Piece, Place, Power, Region, SpheresModel
from games.spheres.stances import all_profiles, contest_matrices
from tests.games.spheres.small_world import small


def duel(**changes: float) -> SpheresModel:
    """Holder leads an ally that Claimant disputes; all stand next door to each other, so reach is 1, and eps = 0, alpha = 1.

    The ally is worth 4 points. Weights (stake times strength) are 4 x 30 for Holder, 4 x 4 for the ally and 4 x 10 for Claimant.
    """
    holder = Power("Holder", 0.3, 0.3, (Place("a", 0.0, 0.0),), patience=0.9, survival=0.8)
    claimant = Power("Claimant", 0.1, 0.1, (Place("b", 0.0, 0.0),), patience=0.9, survival=0.8)
    ally = Region(
        "Ally",
        (Member("Ally", 0.04, 0.04, 0.0, 0.0, {"Claimant": Claim(whole=True)}),),
        ("Holder",),
        frozenset({"Holder", "Claimant"}),
    )
    model = SpheresModel((holder, claimant), (ally,), year=2000, name="duel")
    return model.vary({"externality": 0.0, "reliability": 1.0, "contest_cost": 0.1, **changes})


# Profiles are (Holder, Claimant), each accommodate or contest.
PEACE, CLAIMANT, HOLDER, BOTH = range(4)


def test_who_holds_the_region_afterwards() -> None:
    chance = duel().outcomes(contest_matrices(all_profiles(2)))[:, 0]
    # Attacked by Claimant, the ally falls with 40 / (120 + 16 + 40); nobody else can take it.
    assert chance[PEACE] == pytest.approx([1, 0, 0])
    assert chance[CLAIMANT] == pytest.approx([136 / 176, 40 / 176, 0])
    assert chance[BOTH] == pytest.approx([136 / 176, 40 / 176, 0])


def test_a_region_taken_is_held_by_force_and_may_free_itself() -> None:
    chance = duel().outcomes(contest_matrices(all_profiles(2)), np.array([1]))[:, 0]
    # Its people alone attack: 16 against 40.
    assert chance[PEACE] == pytest.approx([0, 40 / 56, 16 / 56])
    # Holder does not dispute it: what falls is nobody's. Where another's sphere is half a loss it fights for 2 points of 4.
    chance = duel(externality=0.5).outcomes(contest_matrices(all_profiles(2)), np.array([1]))[:, 0]
    assert chance[HOLDER] == pytest.approx([0, 40 / 116, 76 / 116])


def test_a_buffer_and_a_piece() -> None:
    model = small()
    chance = model.outcomes(contest_matrices(all_profiles(3)))
    assert chance.sum(axis=-1) == pytest.approx(1)
    assert chance.min() >= 0
    buffer, piece = model.region_names.index("Buffer"), model.region_names.index("North (claimed by South)")
    assert chance[0, buffer] == pytest.approx([0, 0, 0, 1])
    assert not chance[:, piece, 3].any(), "a piece of a power's land is somebody's"
    assert chance[-1, piece, 1] > 0
    away = model.outcomes(contest_matrices(all_profiles(3)), np.array([1, 2, 1, -1, 1]))
    assert away.sum(axis=-1) == pytest.approx(1)
    assert away[0, piece] == pytest.approx([0, 1, 0, 0])


def test_the_map_is_a_state_that_contests_move() -> None:
    model = duel()
    game = model.path(2002, moving=["Ally"])
    assert game.names[:4] == ("2000", "2000, Ally: Claimant", "2000, Ally: nobody", "2001")
    assert game.n_states == 9
    first = game.transitions[0]
    assert first[0, 0] == pytest.approx(np.eye(9)[3])
    for profile in ((0, 1), (1, 1)):
        assert first[profile][3:6] == pytest.approx([136 / 176, 40 / 176, 0])
        assert first[profile].sum() == pytest.approx(1)
    # Payoffs of each state are those of its own map, and the last year goes on moving.
    assert game.stages[1].payoffs == pytest.approx(model.stage({"Ally": "Claimant"}).payoffs)
    assert game.stages[2].payoffs == pytest.approx(model.stage({"Ally": "nobody"}).payoffs)
    assert game.transitions[6][0, 1, 6:] == pytest.approx([136 / 176, 40 / 176, 0])
    assert game.absorbing == ()


def test_growth_moves_the_chances() -> None:
    model = duel(**{"powers.Claimant.growth": 0.1})
    game = model.path(2001, moving=["Ally"])
    # Strength counts once, stake is the ally's size, which does not grow: 4 x 11 against 4 x 34.
    assert game.transitions[3][0, 1, 4] == pytest.approx(44 / (136 + 44))


def test_who_holds_it_matters_to_a_region_held_apart() -> None:
    powers = tuple(Power(n, 0.2, 0.2, (Place(n, 0.0, 0.0),)) for n in ("Owner", "Taker"))
    piece = Region(
        "Owner (claimed by Taker)",
        bound=("Owner",),
        land=frozenset({"Owner", "Taker"}),
        piece=Piece("Taker", "Owner", 0.5),
    )
    model = SpheresModel(powers, (piece,), year=2000)
    game = model.path(2001, moving=["Owner (claimed by Taker)"])
    assert [name.split(", ")[1:] for name in game.names[:2]] == [[], ["Owner (claimed by Taker): Taker"]]
    # Equals on both sides of one piece; an owner who does not stand up to the claim defends it with alpha alone.
    assert game.transitions[0][1, 1, 2:] == pytest.approx([0.5, 0.5])
    alpha = model.parameters.reliability
    assert game.transitions[0][0, 1, 2:] == pytest.approx([alpha / (1 + alpha), 1 / (1 + alpha)])
    assert game.stages[1].payoffs == pytest.approx(model.stage({"Owner (claimed by Taker)": "Taker"}).payoffs)


def test_a_next_leader_is_a_player_of_its_own() -> None:
    model = duel()
    game = model.path(2002, leaders={"Claimant": (0.25, 0.5)})
    heir = "next leader of Claimant"
    assert game.players == ("Holder", "Claimant", heir)
    assert game.names == ("2000", f"2000, {heir}", "2001", f"2001, {heir}", "2002", f"2002, {heir}")
    # Holder's patience times survival; Claimant's patience, the hazard being in the transitions; the heir's own.
    assert game.discount == pytest.approx([0.72, 0.9, 0.5 * 0.8])
    assert [stage.shape for stage in game.stages[:2]] == [(2, 2, 1), (2, 1, 2)]
    base = model.stage().payoffs
    assert game.stages[0].payoffs[:, :, 0, :2] == pytest.approx(base)
    assert not game.stages[0].payoffs[..., 2].any()
    assert game.stages[1].payoffs[:, 0, :, [0, 2]] == pytest.approx(base.transpose(2, 0, 1))
    assert not game.stages[1].payoffs[..., 1].any()
    assert game.transitions[0][0, 0, 0] == pytest.approx([0, 0, 0.75, 0.25, 0, 0])
    assert game.transitions[1][0, 0, 0] == pytest.approx([0, 0, 0, 1, 0, 0])
    assert game.absorbing == (f"2002, {heir}",)
    longer = model.path(2004, step=2, leaders={"Claimant": (0.25, 0.5)})
    assert longer.transitions[0][0, 0, 0, 2:4] == pytest.approx([0.75**2, 1 - 0.75**2])


def test_all_of_it_together() -> None:
    model = duel(**{"powers.Claimant.growth": 0.02})
    game = model.path(
        2002,
        moving=["Ally"],
        shock=("Claimant", 0.05),
        leaders={"Claimant": (0.1, 0.6), "Holder": (0.2, 0.6)},
    )
    assert game.n_states == (1 + 3 + 5) * 3 * 4
    assert len(set(game.names)) == game.n_states
    # The chances of the three are independent of each other.
    start = game.transitions[0][0, 1, 0, 0]
    target = "2001, Claimant +1, Ally: Claimant, next leader of Claimant"
    assert start[game.state_index(target)] == pytest.approx(1 / 6 * 40 / 176 * 0.1 * 0.8)


@settings(max_examples=15, deadline=None)
@given(
    st.floats(0.05, 0.9),
    st.floats(0.01, 0.3),
    st.sampled_from(["whole", "part", "part or rivalry"]),
    st.sampled_from([(), ("Buffer",), ("Ally", "North (claimed by South)")]),
)
def test_chances_are_lotteries(
    hazard: float, claim_share: float, claims: str, moving: tuple[str, ...]
) -> None:
    from dataclasses import replace

    model = replace(small(), year=2000).with_parameters(claims=claims, claim_share=claim_share)
    game = model.path(2001, moving=moving, leaders={"East": (hazard, 0.5)})
    for table in game.transitions:
        assert table.sum(axis=-1) == pytest.approx(1, abs=1e-12)
        assert table.min() >= 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"moving": ["Alley"]}, "did you mean 'Ally'"),
        ({"moving": ["Ally", "Ally"]}, "named twice"),
        ({"leaders": {"Claimer": (0.1, 0.5)}}, "did you mean 'Claimant'"),
        ({"leaders": {"Claimant": (0.0, 0.5)}}, "hazard of Claimant is 0.0"),
        ({"leaders": {"Claimant": (0.1, 1.0)}}, "patience of Claimant is 1.0"),
        ({"map": np.array([[0], [1]])}, "starts on one map"),
    ],
)
def test_what_does_not_fit_is_refused(options, words: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(words)):
        duel().path(2002, **options)


def test_a_path_that_is_too_large_is_refused_before_the_work(monkeypatch) -> None:
    monkeypatch.setattr(SpheresModel, "payoffs", None)
    with pytest.raises(
        SizeError, match=r"7,203 states \(2,401 years and shocks x 3 maps x 1 sets of leaders\)"
    ):
        duel().path(2048, moving=["Ally"], shock=("Holder", 0.01))
