"""The results of the Nash solvers: single equilibria, sets of them, and what is guaranteed about both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias, overload

import numpy as np

from games.normal_form import NormalFormGame
from games.types import FloatArray, MixedProfile
from solvers.base.precision import remark
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Component", "Equilibria", "Equilibrium", "Proof"]

Proof: TypeAlias = Literal["exact", "interval", "numeric"]


@dataclass(frozen=True, eq=False, repr=False)
class Equilibrium(Result):
    """One Nash equilibrium of a game.

    Attributes
    ----------
    game : NormalFormGame
    profile : tuple of N read-only probability vectors
    index : +1 or -1 for a regular equilibrium; None where it is not regular or was not computed
    proof : `exact` (rational or algebraic arithmetic), `interval` (exactly one equilibrium provably lies within `radius` of
        the profile) or `numeric` (the regret is small, no more)
    radius : half-width of the box of an interval proof, else None
    """

    game: NormalFormGame
    profile: MixedProfile
    proof: Proof
    index: int | None = None
    radius: float | None = None

    def __post_init__(self) -> None:
        vectors = []
        for vector in self.game.mixed(self.profile):
            vector.setflags(write=False)
            vectors.append(vector)
        object.__setattr__(self, "profile", tuple(vectors))

    @cached_property
    def payoffs(self) -> FloatArray:
        """Each player's expected payoff, shape (N,)."""
        return self.game.expected(self.profile)

    @cached_property
    def regret(self) -> FloatArray:
        """What each player could still gain by deviating, shape (N,), computed directly from the game."""
        return self.game.regret(self.profile)

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """For each player the actions played with positive probability."""
        return tuple(tuple(int(a) for a in np.flatnonzero(vector > 0)) for vector in self.profile)

    @property
    def is_pure(self) -> bool:
        """True if every player plays one action for certain."""
        return all(len(s) == 1 for s in self.support)

    def describe(self) -> str:
        """The equilibrium in words: each player's actions with their probabilities."""
        parts = []
        for player, labels, vector in zip(self.game.players, self.game.actions, self.profile):
            played = [(labels[a], vector[a]) for a in np.flatnonzero(vector > 0)]
            parts.append(
                f"{player}: "
                + (
                    played[0][0]
                    if len(played) == 1
                    else ", ".join(f"{label} ({p:.4g})" for label, p in played)
                )
            )
        return "; ".join(parts)

    def summary(self) -> str:
        sign = "not computed" if self.index is None else f"{self.index:+d}"
        return (
            f"Nash equilibrium (proof: {self.proof}; index: {sign}; largest regret {self.regret.max():.2g})"
            + (f". {remark(self.game)}" if remark(self.game) else "")
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each action that is played: player, action, probability."""
        import pandas as pd

        rows = [
            (player, labels[a], float(vector[a]), float(payoff))
            for player, labels, vector, payoff in zip(
                self.game.players, self.game.actions, self.profile, self.payoffs
            )
            for a in np.flatnonzero(vector > 0)
        ]
        return pd.DataFrame(rows, columns=["player", "action", "probability", "expected payoff"])


@dataclass(frozen=True, eq=False)
class Component:
    """A connected set of equilibria of a degenerate game.

    Attributes
    ----------
    vertices : known members: for two players all extreme points of the connected set (`exact_extreme` true), for more
        players its corners and ends, or representative points
    exact_extreme : whether `vertices` are all extreme points
    note : what is known of it, in words
    dimension : 0 for an isolated equilibrium that is not regular; None where it was not computed
    supports : the profiles of supports that meet it, where they were computed
    """

    vertices: tuple[MixedProfile, ...]
    exact_extreme: bool
    note: str = ""
    dimension: int | None = None
    supports: tuple[tuple[tuple[int, ...], ...], ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Equilibria(Result, Sequence[Equilibrium]):
    """What a search for Nash equilibria found, and what it guarantees.

    A sequence of `Equilibrium`. An empty sequence that is not `complete` means that none was *found*.

    Attributes
    ----------
    game : NormalFormGame
    found : tuple of Equilibrium
    complete : True only if the method guarantees that there is no other equilibrium of the kind searched for
        (for a degenerate game: that every component is represented)
    degenerate : True, False, or None where the method cannot tell
    method : the method's name and what it searched, in words
    seconds : processor time used
    components : for degenerate games, the connected sets of equilibria that are known
    notes : what went wrong or was left out, in words
    """

    game: NormalFormGame
    found: tuple[Equilibrium, ...]
    complete: bool
    degenerate: bool | None
    method: str
    seconds: float
    components: tuple[Component, ...] = ()
    notes: tuple[str, ...] = ()

    @overload
    def __getitem__(self, position: int) -> Equilibrium: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[Equilibrium, ...]: ...
    def __getitem__(self, position: int | slice) -> Equilibrium | tuple[Equilibrium, ...]:
        return self.found[position]

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Equilibrium]:
        return iter(self.found)

    def summary(self) -> str:
        count = len(self.found)
        what = {0: "No equilibrium was found", 1: "1 equilibrium"}.get(count, f"{count} equilibria")
        whole = (
            "The search was complete" if self.complete else "The search was NOT complete: there may be others"
        )
        kind = {
            True: " The game is degenerate: equilibria may form connected sets.",
            False: " The game is nondegenerate.",
            None: "",
        }[self.degenerate]
        notes = "".join(f" {note}" for note in (*self.notes, remark(self.game)) if note)
        return f"{what}, by {self.method}. {whole}.{kind}{notes}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each equilibrium: its profile in words, expected payoffs, largest regret, index, proof."""
        import pandas as pd

        names = [f"payoff of {player}" for player in self.game.players]
        rows = [
            {
                "profile": e.describe(),
                **dict(zip(names, e.payoffs.tolist())),
                "largest regret": float(e.regret.max()),
                "index": e.index,
                "proof": e.proof,
            }
            for e in self.found
        ]
        frame = pd.DataFrame(rows, columns=["profile", *names, "largest regret", "index", "proof"])
        # Whole numbers, also where another one is missing.
        frame["index"] = frame["index"].astype("Int64")
        frame.index = pd.RangeIndex(1, len(rows) + 1, name="equilibrium")
        return frame
