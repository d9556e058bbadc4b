"""The results of the solvers for Bayesian games."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

import numpy as np
import numpy.typing as npt

from games.bayesian import BayesianGame, TypeStrategy
from games.normal_form import FloatArray
from solvers.base.precision import remark
from solvers.base.result import Result
from solvers.base.rounding import SAME
from solvers.equilibrium.results import Proof

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BayesComponent", "BayesEquilibria", "BayesEquilibrium", "Kind"]

Kind: TypeAlias = Literal["one type", "pooling", "separating", "semi-separating"]


@dataclass(frozen=True, eq=False, repr=False)
class BayesEquilibrium(Result):
    """One Bayes-Nash equilibrium.

    Attributes
    ----------
    game : BayesianGame
    strategy : for each player an array (types, actions), in fractions where `proof` is `exact`
    proof : `exact` (rational arithmetic), `interval` (exactly one equilibrium of the agent form provably lies nearby) or
        `numeric` (the regret is small, no more)
    index : +1 or -1 for a regular equilibrium of the agent form; None where it is not regular or was not computed
    """

    game: BayesianGame
    strategy: TypeStrategy
    proof: Proof
    index: int | None = None

    @cached_property
    def payoffs(self) -> FloatArray:
        """Each player's expected payoff before types are known, shape (N,)."""
        return self.game.ex_ante(self.strategy)

    @cached_property
    def interim(self) -> tuple[npt.NDArray[Any], ...]:
        """Each type's expected payoff, given that type: N arrays (T_i,)."""
        return self.game.interim(self.strategy)

    @cached_property
    def regret(self) -> tuple[FloatArray, ...]:
        """What each type could still gain by deviating: N arrays (T_i,), computed directly from the game."""
        return self.game.regret(self.strategy)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """For each player whether its types pool (all play alike), separate (no action is shared by two types) or neither."""
        out: list[Kind] = []
        for own in self.strategy:
            table = own.astype(np.float64)
            used = table > SAME
            if len(table) == 1:
                out.append("one type")
            elif np.abs(table - table[0]).max() < SAME:
                out.append("pooling")
            elif used.sum(axis=0).max() == 1:
                out.append("separating")
            else:
                out.append("semi-separating")
        return tuple(out)

    def belief(self, player: str | int, action: str | int) -> FloatArray | None:
        """What the others learn of a player's type from its action, shape (T_i,); None if no type plays it."""
        i = self.game.player_index(player)
        a = next(self.game.type_profiles())[2].action_index(i, action)
        weights = self.game.marginal(i) * self.strategy[i][:, a]
        total = weights.sum()
        return np.asarray((weights / total).astype(np.float64)) if total > 0 else None

    def describe(self) -> str:
        """The equilibrium in words: what each type plays."""
        parts = []
        for player, types, actions, own in zip(
            self.game.players, self.game.types, self.game.actions, self.strategy
        ):
            rows = [
                ", ".join(a if p == 1 else f"{a} ({_number(p)})" for a, p in zip(actions, row) if p > 0)
                for row in own
            ]
            if len(set(rows)) == 1:
                parts.append(f"{player}: {rows[0]}")
            else:
                parts.append(f"{player}: " + ", ".join(f"{t} → {row}" for t, row in zip(types, rows)))
        return "; ".join(parts)

    def summary(self) -> str:
        kinds = ", ".join(f"{p}: {k}" for p, k in zip(self.game.players, self.kinds) if k != "one type")
        worst = max(float(r.max()) for r in self.regret)
        return f"Bayes-Nash equilibrium ({kinds or 'one type each'}; proof: {self.proof}; largest regret {worst:.2g})."

    def to_frame(self) -> pd.DataFrame:
        """One row for each type and action that is played: player, type, action, probability, interim payoff of the type."""
        import pandas as pd

        rows = [
            (player, label, actions[a], float(p), float(value))
            for player, types, actions, own, interim in zip(
                self.game.players, self.game.types, self.game.actions, self.strategy, self.interim
            )
            for label, row, value in zip(types, own, interim)
            for a, p in enumerate(row)
            if p > 0
        ]
        return pd.DataFrame(rows, columns=["player", "type", "action", "probability", "interim payoff"])


@dataclass(frozen=True)
class BayesComponent:
    """A connected set of equilibria: the positions of its known members in the list, and what is known of its shape."""

    members: tuple[int, ...]
    note: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class BayesEquilibria(Result, Sequence[BayesEquilibrium]):
    """What a search for Bayes-Nash equilibria found, and what it guarantees.

    Attributes
    ----------
    game : BayesianGame
    found : tuple of BayesEquilibrium
    complete : True only if there is no other equilibrium (where equilibria form connected sets: if every corner of every
        set is here)
    degenerate : True if equilibria form connected sets, False if all are regular, None where the method cannot tell
    method : the method's name and what it searched, in words
    seconds : processor time used
    components : connected sets of equilibria with more than one corner
    notes : what went wrong or was left out, in words
    """

    game: BayesianGame
    found: tuple[BayesEquilibrium, ...]
    complete: bool
    degenerate: bool | None
    method: str
    seconds: float
    components: tuple[BayesComponent, ...] = ()
    notes: tuple[str, ...] = ()

    @overload
    def __getitem__(self, position: int) -> BayesEquilibrium: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[BayesEquilibrium, ...]: ...
    def __getitem__(self, position: int | slice) -> BayesEquilibrium | tuple[BayesEquilibrium, ...]:
        return self.found[position]

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[BayesEquilibrium]:
        return iter(self.found)

    def summary(self) -> str:
        number = len(self.found)
        what = {0: "No Bayes-Nash equilibrium found", 1: "One Bayes-Nash equilibrium"}.get(
            number, f"{number} Bayes-Nash equilibria"
        )
        whole = (
            "The search was complete" if self.complete else "The search was NOT complete: there may be others"
        )
        kind = {
            True: "; equilibria form connected sets, which are given by their corners",
            False: "; every equilibrium is regular",
            None: "",
        }[self.degenerate]
        notes = "".join(f" {note}" for note in (*self.notes, remark(self.game)) if note)
        return f"{what}, by {self.method}. {whole}{kind}.{notes}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each equilibrium: what types play, kinds, ex ante payoffs, largest regret, index, proof."""
        import pandas as pd

        names = [f"payoff of {player}" for player in self.game.players]
        rows = [
            {
                "strategies": e.describe(),
                "kinds": ", ".join(e.kinds),
                **dict(zip(names, e.payoffs.tolist())),
                "largest regret": max(float(r.max()) for r in e.regret),
                "index": e.index,
                "proof": e.proof,
            }
            for e in self.found
        ]
        frame = pd.DataFrame(
            rows, columns=["strategies", "kinds", *names, "largest regret", "index", "proof"]
        )
        frame.index = pd.RangeIndex(1, len(rows) + 1, name="equilibrium")
        return frame


def _number(x: Any) -> str:
    return str(x) if isinstance(x, Fraction) and x.denominator < 10_000 else f"{float(x):.4g}"
