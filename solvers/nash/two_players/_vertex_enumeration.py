"""All equilibria of two-player games, by enumerating the vertices of the two best-response polytopes."""

from __future__ import annotations

import time
from functools import cache
from math import comb, log
from typing import Any, Literal

import numpy as np

from games.errors import ConvergenceError, MethodError, SizeError
from games.normal_form import NormalFormGame
from games.types import BoolArray, FloatArray
from solvers.base.deadline import Deadline
from solvers.base.limits import seconds, whole
from solvers.equilibrium.rational import (
    Candidate,
    IntegerMatrix,
    NearTie,
    from_candidate,
    positive_integers,
    probabilities,
    regular_candidate,
    transposed,
)
from solvers.equilibrium.results import Equilibria, Equilibrium
from solvers.nash.two_players._components import connected
from solvers.nash.two_players._polytopes import (
    Stop,
    TooMany,
    Vertices,
    float_vertices,
    hull_vertices,
    integer_vertices,
)
from solvers.nash.two_players._zero_sum import only_equilibrium

__all__ = ["enumerate_bimatrix", "expected_vertices"]

# Up to this many actions of both players together rational arithmetic costs a few milliseconds.
_SMALL = 8
# Up to this many vertices Qhull takes less time than our own way in floats; from about 1,500 on it takes more.
_HULL = 700
# From this many vertices on, about a second in floats, a linear program is tried first.
_MANY = 20_000
# A vertex in rationals costs at least this many times one in floats.
_EXACT_COST = 20
_ADVICE = "Pass time_limit for what is found in that time, or ask for one equilibrium with find_one"


def enumerate_bimatrix(
    game: NormalFormGame,
    *,
    time_limit: float | None = None,
    exact: bool | Literal["auto"] = "auto",
    max_vertices: int = 1_000_000,
) -> Equilibria:
    """All extreme equilibria of a two-player game, each verified in rational arithmetic.

    Equilibria are the pairs of vertices of the two best-response polytopes that together have every label
    (Mangasarian 1964; von Stengel 2002, section 2). For a nondegenerate game these are all equilibria, an odd number whose
    indices (Shapley 1974) add to +1. For a degenerate game they are the extreme points of the maximal Nash
    subsets, from which `components` are built (Avis, Rosenberg, Savani and von Stengel 2010).

    Parameters
    ----------
    game : a game of two players
    time_limit : seconds of wall time; when it is over, or on Ctrl-C, the pure equilibria are returned, or one by
        Lemke-Howson if there are none, marked incomplete
    exact : `auto` finds the vertices in floats (and the equilibria then in rationals) unless the game is small or some slack
        lies within 1e-11 of a tie; True uses integers throughout; False never does, and
        raises MethodError where floats do not suffice
    max_vertices : vertices of one polytope that may be held at once

    Raises
    ------
    MethodError
        If the game does not have two players, or floats alone do not suffice.
    SizeError
        If more vertices are expected, or met, than `max_vertices` (in integers a twentieth of it) and there is no time limit.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> found = enumerate_bimatrix(NormalFormGame.from_bimatrix([[3, 0], [0, 2]], [[2, 0], [0, 3]]))
    >>> [(e.describe(), e.index) for e in found][2]
    ('Player 1: 1 (0.6), 2 (0.4); Player 2: 1 (0.4), 2 (0.6)', -1)
    """
    if game.n_players != 2:
        raise MethodError(f"enumerate_bimatrix needs 2 players; this game has {game.n_players}")
    whole("max_vertices", max_vertices, 1)
    begun = time.process_time()
    deadline = Deadline(seconds("time_limit", time_limit))

    def check(ahead: float) -> None:
        if deadline.left <= ahead:
            raise Stop

    m, n = game.shape
    A, B = positive_integers(game)
    in_integers = exact is True or (exact == "auto" and m + n <= _SMALL)
    if max(expected_vertices(m, n), expected_vertices(n, m)) > _MANY:
        alone = only_equilibrium(game, A, B, deadline)
        if alone is not None:
            return Equilibria(
                game,
                (alone,),
                complete=True,
                degenerate=None,
                method="a linear program (the players' interests are opposed, and its solution is regular, so it is "
                "the only one), verified in rationals",
                seconds=time.process_time() - begun,
            )
    if time_limit is None:
        _refuse_if_too_large(m, n, max_vertices, in_integers)
    arithmetic, limit = "rational", max_vertices
    try:
        try:
            if in_integers:
                raise NearTie
            found, degenerate = _in_floats(game, A, B, check, max_vertices)
            arithmetic = "floating-point"
        except NearTie:
            if exact is False:
                raise MethodError(
                    "floats cannot tell this game from a degenerate one; use exact=True or exact='auto'"
                ) from None
            if time_limit is None:
                _refuse_if_too_large(m, n, max_vertices, True)
            limit = max_vertices // _EXACT_COST
            found, degenerate = _in_integers(A, B, check, limit)
    except (Stop, TooMany, KeyboardInterrupt) as reason:
        if isinstance(reason, TooMany) and time_limit is None:
            raise SizeError(
                f"a best-response polytope of this {m}x{n} game has more than {limit:,} vertices, the most listed",
                _ADVICE,
            ) from None
        why = "Interrupted"
        if isinstance(reason, Stop):
            why = "The time limit was reached"
        elif isinstance(reason, TooMany):
            why = "max_vertices was reached"
        return _broken_off(game, A, B, why, begun)
    found.sort(key=_order)
    equilibria = tuple(from_candidate(game, A, B, c) for c in found)
    return Equilibria(
        game,
        equilibria,
        complete=True,
        degenerate=degenerate,
        method=f"vertex enumeration of the best-response polytopes in {arithmetic} arithmetic, "
        "each equilibrium verified in rationals",
        seconds=time.process_time() - begun,
        components=connected(equilibria, [c.pair for c in found]) if degenerate else (),
        notes=_near_ties(equilibria),
    )


def _near_ties(found: tuple[Equilibrium, ...]) -> tuple[str, ...]:
    """A note on equilibria that look the same: payoffs that were meant to be equal may differ in their last digit."""
    if len(found) < 2:
        return ()
    shown = set(map(tuple, np.round([np.concatenate(e.profile) for e in found], 9).tolist()))
    if len(shown) == len(found):
        return ()
    return (
        f"Of these {len(found)} equilibria {len(found) - len(shown)} differ from others by less than 1e-9: some payoffs nearly "
        "tie. If they are rounded (0.6667 for 2/3), give them as fractions.",
    )


def _broken_off(
    game: NormalFormGame, A: IntegerMatrix, B: IntegerMatrix, why: str, begun: float
) -> Equilibria:
    known = [from_candidate(game, A, B, c) for c in _pure(A, B)]
    if not known:
        known = _one_quickly(game)
    return Equilibria(
        game,
        tuple(known),
        complete=False,
        degenerate=None,
        method="vertex enumeration of the best-response polytopes, broken off",
        seconds=time.process_time() - begun,
        notes=(
            f"{why} before all vertices were known; only the pure equilibria are given, or one by Lemke-Howson "
            "if there are none and it is found at once.",
        ),
    )


def _one_quickly(game: NormalFormGame) -> list[Equilibrium]:
    """One equilibrium if it is found within a fraction of a second: the caller's time is over."""
    from solvers.nash.two_players._lemke_howson import lemke_howson

    try:
        return [lemke_howson(game, time_limit=0.5)]
    except ConvergenceError:
        return []


@cache
def expected_vertices(m: int, n: int) -> float:
    """Roughly how many vertices the best-response polytope of an m-action player has in a random m x n game.

    A support of size k has about (0.52 + 0.6 log(n / k)) ** (k - 1) vertices: a fit to uniform random games
    of 3 to 30 columns, good to a factor of about 2.

    >>> round(expected_vertices(2, 2), 1)
    2.5
    """
    return sum(comb(m, k) * (0.52 + 0.6 * log(n / k)) ** (k - 1) for k in range(1, min(m, n) + 1))


def _refuse_if_too_large(m: int, n: int, max_vertices: int, in_integers: bool) -> None:
    expected = max(expected_vertices(m, n), expected_vertices(n, m))
    limit = max_vertices // _EXACT_COST if in_integers else max_vertices
    if expected > limit:
        how = (
            " in rational arithmetic, to which the search must turn because floats leave the order of some payoffs open"
            if in_integers
            else ""
        )
        raise SizeError(
            f"a {m}x{n} game has about {expected:.1e} vertices in a best-response polytope; at most {limit:,} are listed{how}",
            _ADVICE,
        )


# ------------------------------------------------------------------ in floats


def _in_floats(
    game: NormalFormGame, A: IntegerMatrix, B: IntegerMatrix, check: Any, limit: int
) -> tuple[list[Candidate], bool]:
    m, n = game.shape
    if (game.ranges == 0).any():
        raise NearTie
    unit = game.normalised + 1.0
    P = _vertices(np.ascontiguousarray(unit[..., 1]), check, limit).tight
    Q = _vertices(np.ascontiguousarray(unit[..., 0].T), check, limit).tight
    # Q numbers player 2's actions first; put both into one order, player 1's actions first.
    Q = np.concatenate([Q[:, n:], Q[:, :n]], axis=1)
    other = {key: k for k, key in enumerate(_keys(~Q))}
    At = transposed(A)
    found = []
    for k, key in enumerate(_keys(P)):
        match = other.get(key)
        if match is not None:
            tight = P[k].tolist()
            rows = [i for i in range(m) if not tight[i]]
            columns = [j for j in range(n) if tight[m + j]]
            found.append(regular_candidate(At, B, rows, columns, (k, match)))
    # Should rounding have lost or made up a vertex after all, the indices hardly add up.
    if sum(c.sign or 0 for c in found) != 1:
        raise NearTie
    return found, False


def _keys(rows: BoolArray) -> list[bytes]:
    packed = np.packbits(rows, axis=1)
    width, whole = packed.shape[1], packed.tobytes()
    return [whole[start : start + width] for start in range(0, len(whole), width)]


def _vertices(B: FloatArray, check: Any, limit: int) -> Vertices:
    """The vertices by the faster of the two ways in floats."""
    m, n = B.shape
    if m > 1 and expected_vertices(m, n) <= min(_HULL, limit):
        check(0.0)
        # A pure strategy with two best responses is a tie that a glance finds.
        best = B.max(axis=1, keepdims=True)
        if (np.count_nonzero(best == B, axis=1) > 1).any():
            raise NearTie
        found = hull_vertices(B)
        if found is not None:
            return found
    return float_vertices(B, check, limit)


# ------------------------------------------------------------------ in integers


def _in_integers(A: IntegerMatrix, B: IntegerMatrix, check: Any, limit: int) -> tuple[list[Candidate], bool]:
    m, n = len(A), len(A[0])
    if m == n == 2:
        closed = _two_by_two(A, B)
        if closed is not None:
            return closed, False
    P = integer_vertices(B, check, limit)
    Q = integer_vertices(transposed(A), check, limit)
    assert P.points is not None
    assert Q.points is not None
    tight_q = np.concatenate([Q.tight[:, n:], Q.tight[:, :n]], axis=1)
    found = []
    for a, b in _fully_labelled(P.tight, tight_q, check):
        exactly = bool((P.tight[a] ^ tight_q[b]).all())
        found.append(Candidate(P.points[a][:m], Q.points[b][:n], (a, b), exactly))
    return found, not (P.simple and Q.simple)


def _two_by_two(A: IntegerMatrix, B: IntegerMatrix) -> list[Candidate] | None:
    """The equilibria of a 2x2 game in closed form; None if a player is indifferent against an action of the other."""
    (a, b), (c, d) = A
    (e, f), (g, h) = B
    if a == c or b == d or e == f or g == h:
        return None
    best_row, best_column = (int(a < c), int(b < d)), (int(e < f), int(g < h))
    found = [
        Candidate([1 - i, i], [1 - j, j], (i, j), True, 1)
        for j, i in enumerate(best_row)
        if best_column[i] == j
    ]
    if sum(best_row) == sum(best_column) == 1:
        # Each makes the other indifferent; the indices of all add up to +1.
        x, y = [abs(g - h), abs(e - f)], [abs(b - d), abs(a - c)]
        found.append(Candidate(x, y, (2, 2), True, 1 - len(found)))
    return found


def _fully_labelled(P: BoolArray, Q: BoolArray, check: Any) -> list[tuple[int, int]]:
    """Pairs of rows that together have every label."""
    missing = (~Q).astype(np.float32)
    out: list[tuple[int, int]] = []
    step = max(1, (1 << 22) // len(Q))
    for start in range(0, len(P), step):
        check(0.0)
        a, b = np.nonzero((~P[start : start + step]).astype(np.float32) @ missing.T == 0)
        out.extend(zip((a + start).tolist(), b.tolist()))
    return out


def _pure(A: IntegerMatrix, B: IntegerMatrix) -> list[Candidate]:
    a, b = np.array(A, dtype=object), np.array(B, dtype=object)
    best = (a == a.max(axis=0)) & (b == b.max(axis=1)[:, None])
    out = []
    for i, j in np.argwhere(best).tolist():
        alone = int((a[:, j] == a[i, j]).sum()) == 1 and int((b[i] == b[i, j]).sum()) == 1
        x, y = [0] * len(A), [0] * len(A[0])
        x[i] = y[j] = 1
        out.append(Candidate(x, y, (i, j), alone))
    return out


def _order(c: Candidate) -> Any:
    """Small supports first, then by supports, then by probabilities: the same order whichever arithmetic found them."""
    supports = tuple(tuple(k for k, w in enumerate(v) if w) for v in (c.x, c.y))
    return sum(map(len, supports)), supports, probabilities(c.x), probabilities(c.y)
