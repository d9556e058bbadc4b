"""Trees and Bayesian games beside Gambit and OpenSpiel: `python -m benchmarks.sequential`.

Processor time in milliseconds, all in one process on the same trees, which reach the peers as `.efg` text. `first` is the first
call on that row, `after` the median of the calls that follow. A peer that is not installed leaves its cells empty.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks._common import behind, markdown, timed
from games import ExtensiveGame, catalog
from games.extensive import Decision, Node, Terminal
from games.extensive._efg import to_text
from solvers import bayesian, sequential

SEED = 20260101
TABLE = Path(__file__).parent / "tables" / "sequential.md"


def perfect_information(nodes: int) -> ExtensiveGame:
    """A random tree of three players with that many nodes."""
    rng = random.Random(SEED)
    children: dict[int, list[int]] = {0: []}
    open_, count = [0], 1
    while count < nodes:
        v = open_.pop(rng.randrange(len(open_)))
        children[v] = list(range(count, count + 2))
        for c in children[v]:
            children[c] = []
            open_.append(c)
        count += 2

    def build(v: int) -> Node:
        if not children[v]:
            return Terminal([rng.randrange(10**6) for _ in range(3)])
        return Decision(rng.choice("ABC"), {f"a{k}": build(c) for k, c in enumerate(children[v])})

    return ExtensiveGame(build(0), ("A", "B", "C"))


def alternating(depth: int, width: int, zero_sum: bool) -> ExtensiveGame:
    """Two players move in turn and see all moves but the last one of the other."""
    rng = random.Random(SEED)

    def node(history: tuple[int, ...]) -> Node:
        if len(history) == depth:
            a = rng.randrange(-50, 50)
            return Terminal([a, -a if zero_sum else rng.randrange(-50, 50)])
        mover = "AB"[len(history) % 2]
        seen = f"{mover}{history[:-1]}" if history else None
        return Decision(mover, {str(j): node((*history, j)) for j in range(width)}, seen)

    return ExtensiveGame(node(()), ("A", "B"))


def gambit(tree: ExtensiveGame, solve: str) -> Callable[[], Any] | None:
    """A call of one of Gambit's solvers on the tree; None where Gambit is not installed."""
    try:
        import pygambit
    except ImportError:
        return None
    game = pygambit.read_efg(io.StringIO(to_text(tree)))
    call = getattr(pygambit.nash, solve)
    return lambda: [float(call(game, rational=False).equilibria[0].payoff(p)) for p in game.players]


def openspiel(tree: ExtensiveGame) -> Callable[[], Any] | None:
    """OpenSpiel's linear program of the sequence form; None where it is not installed."""
    try:
        import pyspiel
        from open_spiel.python.algorithms import sequence_form_lp
    except ImportError:
        return None
    game = pyspiel.load_efg_game(to_text(tree))
    return lambda: list(sequence_form_lp.solve_zero_sum_game(game, solver="CVXOPT")[:2])


def run() -> list[dict[str, Any]]:
    """All rows."""
    rows: list[dict[str, Any]] = []

    def row(
        what: str, tree: Any, ours: Callable[[], Any], peers: dict[str, Callable[[], Any] | None], wanted: str
    ) -> None:
        answer, first, after = timed(ours, 3)
        size = (
            f"{tree.n_nodes:,} nodes, {len(tree.terminals):,} ends" if isinstance(tree, ExtensiveGame) else ""
        )
        line: dict[str, Any] = {
            "what": what,
            "size": size,
            "ours first": first,
            "ours after": after,
            "wanted": wanted,
        }
        for name, call in peers.items():
            if call is None:
                continue
            try:
                other, _, peer_after = timed(call, 1)
            except Exception as error:  # A peer that breaks down is a finding, not the end of the run.
                line |= {"peer": name, "agree": f"peer fails: {type(error).__name__}"}
                continue
            line |= {"peer": name, "peer after": peer_after, "peer / ours": peer_after / after}
            line["agree"] = "yes" if answer is None or abs(answer - other[0]) < 1e-6 else "other equilibrium"
        rows.append(line)

    tree = perfect_information(1001)
    row(
        "backward induction", tree, lambda: sequential.backward_induction(tree)[0].payoffs[0], {}, "under 100"
    )
    for depth, width in ((4, 3), (6, 3), (6, 4), (5, 6)):
        zero = alternating(depth, width, True)
        # Gambit's linear program takes minutes beyond a thousand ends.
        if len(zero.terminals) < 1000:
            peers = {"Gambit lp": gambit(zero, "lp_solve")}
        else:
            peers = {"OpenSpiel lp": openspiel(zero)}
        wanted = "under 5,000" if len(zero.terminals) > 4000 else ""
        row("zero-sum sequence form", zero, lambda t=zero: sequential.find_one(t).payoffs[0], peers, wanted)
    for depth, width in ((4, 2), (4, 3), (5, 3)):
        general = alternating(depth, width, False)
        row(
            "Lemke, sequence form",
            general,
            lambda t=general: sequential.find_one(t).payoffs[0],
            {"Gambit lcp": gambit(general, "lcp_solve")},
            "",
        )
    poker = catalog.trees.kuhn_poker()
    row(
        "zero-sum sequence form, kuhn_poker",
        poker,
        lambda: sequential.find_one(poker).payoffs[0],
        {"OpenSpiel lp": openspiel(poker)},
        "",
    )
    for name in ("beer_quiche", "kuhn_poker"):
        known = catalog.trees.get(name)
        row(f"all equilibria, {name}", known, lambda t=known: sequential.find_all(t)[0].payoffs[0], {}, "")
    trust = catalog.trees.kydd_trust()
    row(
        "all Bayes-Nash equilibria, two by two types",
        trust,
        lambda: bayesian.find_all(trust)[0].payoffs[0],
        {},
        "",
    )
    return rows


def main() -> None:
    rows = run()
    lost = [f"{r['what']} ({r['size']}, {r['peer']})" for r in rows if r.get("peer / ours", 2) < 1]
    TABLE.write_text("\n".join(["## Trees and Bayesian games", "", *markdown(rows), "", behind(lost)]) + "\n")
    print(TABLE.read_text())


if __name__ == "__main__":
    main()
