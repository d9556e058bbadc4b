"""Who can beat whom: triads and larger sets of powers under each capability index (Caplow 1956, 1959)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from games.arguments import checked
from games.coalitional import CoalitionalGame, weighted_voting
from games.errors import GameError
from games.exact import finite
from solvers.base.result import Result
from solvers.cooperative._values import banzhaf, dummies, shapley

if TYPE_CHECKING:
    import pandas as pd

    from games.spheres import SpheresModel

__all__ = ["Triads", "balance", "caplow_type"]


@checked
def caplow_type(strengths: Mapping[str, float | Fraction]) -> int:
    """Caplow's type of three strengths: 1 to 6 after Caplow (1956), 7 and 8 after Caplow (1959).

    With A, B, C the strengths (A apart where two are equal): 1 all equal; 2 A > B = C, A < B + C; 3 A < B = C;
    4 A > B + C, B = C; 5 A > B > C, A < B + C; 6 A > B > C, A > B + C; 7 A > B > C, A = B + C; 8 A = B + C, B = C.

    >>> caplow_type({"A": 4, "B": 3, "C": 2})
    5
    """
    exact = [finite(x, f"the strength of {p!r}") for p, x in strengths.items()]
    if len(exact) != 3 or min(exact) < 0:
        raise GameError(f"a triad has three strengths, none negative; got {dict(strengths)}")
    a, b, c = sorted(exact, reverse=True)
    if a == b == c:
        return 1
    if a == b:
        return 3
    if b == c:
        return 8 if a == b + c else 4 if a > b + c else 2
    return 7 if a == b + c else 6 if a > b + c else 5


@dataclass(frozen=True, eq=False, repr=False)
class Triads(Result):
    """The balance of powers under each capability index.

    Attributes
    ----------
    strengths : index name -> power -> strength, in the index's own unit (shares for `mix`, their mean)
    games : index name -> the voting game in which a coalition wins with more than half of all strength
    """

    strengths: Mapping[str, Mapping[str, float]]
    games: Mapping[str, CoalitionalGame]

    def sentence(self, index: str) -> str:
        """The balance under one index in words."""
        game = self.games[index]
        names, full = game.players, len(game.values) - 1
        strongest = [p for i, p in enumerate(names) if game.values[1 << i] == 1]
        if strongest:
            others = "the other two together" if len(names) == 3 else "all others together"
            return f"{strongest[0]} beats {others}"
        if len(names) == 3 and all(game.values[full - (1 << i)] == 1 for i in range(3)):
            return "any two beat one"
        level = [game.label(s) for s in range(1, full) if game.values[s] == game.values[full - s] == 0]
        if level:
            return f"{level[0]} is exactly as strong as all others"
        return "no power beats all others together"

    def dummies(self, index: str) -> tuple[str, ...]:
        """The powers that never make a difference under one index."""
        return dummies(self.games[index])

    def summary(self) -> str:
        by_sentence: dict[str, list[str]] = {}
        for index in self.games:
            by_sentence.setdefault(self.sentence(index), []).append(index)
        parts = [f"{what} on {', '.join(where)}" for what, where in by_sentence.items()]
        flips = " The indices disagree." if len(parts) > 1 else ""
        return f"{'; '.join(parts)}.{flips} A coalition wins with more than half of all strength."

    def to_frame(self) -> pd.DataFrame:
        """One row for each index: the balance in words, Caplow's type (three powers), and each power's share,
        Shapley-Shubik index, Banzhaf index, and whether it is pivotal."""
        import pandas as pd

        rows = []
        for index, game in self.games.items():
            idle = dummies(game)
            strengths = self.strengths[index]
            total = sum(strengths.values())
            values = shapley(game).payoffs, banzhaf(game).payoffs
            row: dict[str, object] = {"balance": self.sentence(index)}
            if game.n_players == 3:
                row["Caplow type"] = caplow_type(strengths)
            for i, p in enumerate(game.players):
                row[f"{p} share"] = strengths[p] / total
                row[f"{p} Shapley-Shubik"] = float(values[0][i])
                row[f"{p} Banzhaf"] = float(values[1][i])
                row[f"{p} pivotal"] = p not in idle
            rows.append(row)
        return pd.DataFrame(rows, index=pd.Index(list(self.games), name="index"))


@checked
def balance(capabilities: SpheresModel | Mapping[str, Mapping[str, float]]) -> Triads:
    """Who beats whom under each capability index, and under their `mix`: the mean of the powers' shares.

    Parameters
    ----------
    capabilities : a SpheresModel, or a mapping index name -> power -> strength (any unit, none negative)

    Raises
    ------
    GameError
        For a negative strength, strengths that add up to nothing, or indices that name different powers.

    Examples
    --------
    >>> found = balance({"army": {"A": 5, "B": 3, "C": 1}, "trade": {"A": 1, "B": 3, "C": 3}})
    >>> [found.sentence(i) for i in found.games]
    ['A beats the other two together', 'any two beat one', 'any two beat one']
    """
    if not isinstance(capabilities, Mapping):
        model = capabilities
        shares = {index: model.capability_shares[index].tolist() for index in ("CINC", "GDP")}
        capabilities = {index: dict(zip(model.players, row)) for index, row in shares.items()}
    strengths = _checked(capabilities)
    return Triads(strengths, {index: weighted_voting(row) for index, row in strengths.items()})


def _checked(capabilities: Mapping[str, Mapping[str, float]]) -> dict[str, Mapping[str, float]]:
    """The strengths under each index, in one order of powers, and their `mix`, the mean of shares, if there are several."""
    if not capabilities:
        raise GameError("at least one capability index is needed")
    powers = list(next(iter(capabilities.values())))
    out: dict[str, Mapping[str, float]] = {}
    for index, row in capabilities.items():
        if set(row) != set(powers):
            raise GameError(f"the index {index!r} names {', '.join(row)}; it must name {', '.join(powers)}")
        if min(row.values()) < 0 or not sum(row.values()) > 0:
            raise GameError(
                f"the index {index!r} has a negative strength, or strengths that add up to nothing"
            )
        out[index] = {p: row[p] for p in powers}
    if len(out) > 1:
        totals = {index: sum(row.values()) for index, row in out.items()}
        out["mix"] = {p: sum(row[p] / totals[i] for i, row in out.items()) / len(out) for p in powers}
    return out
