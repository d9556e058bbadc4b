"""The results of the solvers for trees: equilibria in behaviour strategies, and what is guaranteed about sets of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from games.extensive import Behaviour, ExtensiveGame
from games.normal_form import FloatArray
from solvers.base.precision import remark
from solvers.base.result import Result
from solvers.equilibrium.results import Proof

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BehaviourComponent", "BehaviourEquilibria", "BehaviourEquilibrium"]


@dataclass(frozen=True, eq=False, repr=False)
class BehaviourEquilibrium(Result):
    """One equilibrium of a tree in behaviour strategies.

    Attributes
    ----------
    tree : ExtensiveGame
    behaviour : one probability vector for each information set, in fractions where `proof` is `exact`
    proof : `exact` (rational arithmetic), `interval` (exactly one equilibrium of the reduced normal form provably lies
        nearby) or `numeric` (the regret is small, no more)
    free : numbers of the information sets that the player's own strategy keeps play from reaching; what is shown there (equal
        probabilities) does not matter for a Nash equilibrium
    """

    tree: ExtensiveGame
    behaviour: Behaviour
    proof: Proof
    free: tuple[int, ...] = ()

    @cached_property
    def payoffs(self) -> FloatArray:
        """Each player's expected payoff, shape (N,)."""
        return np.array([float(x) for x in self.exact_payoffs])

    @cached_property
    def exact_payoffs(self) -> tuple[Any, ...]:
        """Each player's expected payoff: a fraction where the behaviour is in fractions, else a float."""
        outcome = self.tree.reach(self.behaviour)[self.tree.terminals]
        table = self.tree.exact if outcome.dtype == object else self.tree.payoffs
        rows = [(p, table[z]) for z, p in enumerate(outcome.tolist()) if p]
        return tuple(sum((p * u[i] for p, u in rows), Fraction(0)) for i in range(self.tree.n_players))

    @cached_property
    def reach(self) -> FloatArray:
        """The probability that play comes to each node, shape (nodes,)."""
        return np.asarray(self.tree.reach(self.behaviour).astype(np.float64))

    @cached_property
    def regret(self) -> FloatArray:
        """What each player could still gain by another strategy, shape (N,), computed directly from the tree."""
        from solvers.sequential._best_response import regret

        return regret(self.tree, self.behaviour)

    @property
    def is_pure(self) -> bool:
        """True if one action is played for certain at every information set that is not free."""
        return all(max(v) == 1 for k, v in enumerate(self.behaviour) if k not in self.free)

    @property
    def outcomes(self) -> tuple[tuple[str, ...], ...]:
        """The ways through the tree that are taken with positive probability, as actions."""
        return tuple(self.tree.path(v) for v in self.tree.terminals.tolist() if self.reach[v] > 0)

    def describe(self) -> str:
        """The equilibrium in words: what is played at each information set."""
        parts = []
        for k, (s, vector) in enumerate(zip(self.tree.information_sets, self.behaviour)):
            if k in self.free:
                parts.append(f"{s.label}: free")
                continue
            played = [(label, p) for label, p in zip(s.actions, vector) if p > 0]
            shown = ", ".join(label if p == 1 else f"{label} ({_number(p)})" for label, p in played)
            parts.append(f"{s.label}: {shown}")
        return "; ".join(parts)

    def summary(self) -> str:
        payoffs = ", ".join(f"{p} {_number(x)}" for p, x in zip(self.tree.players, self.exact_payoffs))
        return " ".join(
            filter(
                None,
                (
                    f"Equilibrium in behaviour strategies (proof: {self.proof}). Expected payoffs: {payoffs}.",
                    remark(self.tree),
                ),
            )
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each action of each information set: player, action, probability, and whether play comes there."""
        import pandas as pd

        rows = [
            (
                self.tree.players[s.player],
                s.label,
                action,
                float(p),
                float(self.reach[list(s.nodes)].sum()),
                k in self.free,
            )
            for k, (s, vector) in enumerate(zip(self.tree.information_sets, self.behaviour))
            for action, p in zip(s.actions, vector)
        ]
        columns = ["player", "information set", "action", "probability", "reached", "free"]
        return pd.DataFrame(rows, columns=columns)

    def draw(self) -> str:
        """The tree as SVG with the branches that are played marked."""
        return self.tree.draw(self.behaviour)

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(self.summary())}</p>{self.draw()}"


@dataclass(frozen=True)
class BehaviourComponent:
    """A connected set of equilibria: the positions of its known members in the list, and what is known of its shape."""

    members: tuple[int, ...]
    note: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class BehaviourEquilibria(Result, Sequence[BehaviourEquilibrium]):
    """What a search for equilibria of a tree found, and what it guarantees.

    A sequence of `BehaviourEquilibrium`. An empty sequence that is not `complete` means that none was *found*.

    Attributes
    ----------
    tree : ExtensiveGame
    found : tuple of BehaviourEquilibrium
    complete : True only if the method guarantees that there is no other equilibrium of the kind searched for (where equilibria
        form connected sets: that every corner of every set is here)
    method : the method's name and what it searched, in words
    seconds : processor time used
    kind : `Nash` or `subgame perfect`
    total : how many equilibria of the kind searched for there are in all, where that is known; `found` may hold fewer
    components : connected sets of equilibria with more than one corner
    notes : what went wrong or was left out, in words
    """

    tree: ExtensiveGame
    found: tuple[BehaviourEquilibrium, ...]
    complete: bool
    method: str
    seconds: float
    kind: str = "Nash"
    total: int | None = None
    components: tuple[BehaviourComponent, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @overload
    def __getitem__(self, position: int) -> BehaviourEquilibrium: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[BehaviourEquilibrium, ...]: ...
    def __getitem__(self, position: int | slice) -> BehaviourEquilibrium | tuple[BehaviourEquilibrium, ...]:
        return self.found[position]

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[BehaviourEquilibrium]:
        return iter(self.found)

    def summary(self) -> str:
        number = len(self.found)
        what = {0: f"No {self.kind} equilibrium found", 1: f"One {self.kind} equilibrium"}.get(
            number, f"{number:,} {self.kind} equilibria"
        )
        more = f" of {self.total:,}" if self.total is not None and self.total > number else ""
        whole = (
            "The search was complete."
            if self.complete
            else "The search was NOT complete: there may be others."
        )
        notes = "".join(f" {note}" for note in (*self.notes, remark(self.tree)) if note)
        return f"{what}{more}, by {self.method}. {whole}{notes}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each equilibrium: what is played in words, expected payoffs, largest regret, proof."""
        import pandas as pd

        names = [f"payoff of {player}" for player in self.tree.players]
        rows = [
            {
                "behaviour": e.describe(),
                **dict(zip(names, e.payoffs.tolist())),
                "largest regret": float(e.regret.max(initial=0.0)),
                "proof": e.proof,
            }
            for e in self.found
        ]
        frame = pd.DataFrame(rows, columns=["behaviour", *names, "largest regret", "proof"])
        frame.index = pd.RangeIndex(1, len(rows) + 1, name="equilibrium")
        return frame


def _number(x: Any) -> str:
    if isinstance(x, Fraction) and x.denominator < 10_000:
        return str(x)
    return f"{float(x):.6g}"
