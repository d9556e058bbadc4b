"""Repeated play: critical discount factors, simulation and tournaments: `python -m benchmarks.simulation`.

Processor time in milliseconds, all in one process on the same input; `first` is the first call of that row, `after` the
median of three more. No public Python library plays N-player automata or finds N-player critical discount factors. The peer
for simulation is the textbook loop: one run and one round after another, states in dictionaries. It is also the better
choice for a single short run, which the table shows.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._common import timed
from games import RepeatedGame, load, strategies
from games.strategies._automata import Automaton
from solvers import nash, repeated

SEED = 20260101
TABLE = Path(__file__).parent / "tables" / "simulation.md"


def plain_loop(
    play: RepeatedGame, automaton: Automaton, rounds: int, runs: int, seed: int, tremble: float
) -> np.ndarray:
    """Average payoffs, by the loop that one writes first."""
    rng = np.random.default_rng(seed)
    game = play.stage
    n = game.n_players
    machines = [automaton.machine(i) for i in range(n)]
    tables = [
        {(s, a): int(m.transitions[(s, *a)]) for s in range(m.n_states) for a in np.ndindex(*game.shape)}
        for m in machines
    ]
    payoffs = {a: game.payoffs[a].tolist() for a in np.ndindex(*game.shape)}
    total = [0.0] * n
    for _ in range(runs):
        states = [int(m.start.argmax()) for m in machines]
        for _ in range(rounds):
            actions = []
            for i, m in enumerate(machines):
                action = int(m.outputs[states[i]])
                if rng.random() < tremble:
                    other = int(rng.integers(game.shape[i] - 1))
                    action = other if other < action else other + 1
                actions.append(action)
            profile = tuple(actions)
            for i, x in enumerate(payoffs[profile]):
                total[i] += x
            states = [tables[i][states[i], profile] for i in range(n)]
    return np.array(total) / (rounds * runs)


def run() -> list[dict[str, Any]]:
    """All rows, ours and the plain loop's."""
    model = load("us-china-russia-2025")
    game, concert = model.stage(), model.regimes["concert"]
    hostile = model.regimes["all-out"]
    rows: list[dict[str, Any]] = []

    def add(
        what: str, call: Callable[[], Any], peer: Callable[[], Any] | None = None, note: str = ""
    ) -> None:
        _, first, after = timed(call, 3)
        row: dict[str, Any] = {"what": what, "first": first, "after": after, "loop": None, "note": note}
        if peer is not None:
            row["loop"] = timed(peer, 1)[2]
        rows.append(row)

    found = nash.pure(game)
    add(
        "critical discount, Nash reversion",
        lambda: repeated.critical_discount(game, concert, equilibria=found),
    )
    add("critical discount, minmax", lambda: repeated.critical_discount(game, concert, "minmax"))
    for name in model.maps:
        stage = model.stage(name)
        optimal = repeated.critical_discount(stage, concert, "optimal")
        width = optimal.overall - optimal.bracket[0].max() if optimal.bracket is not None else np.nan
        add(
            f"critical discount, optimal punishments, map {name!r}",
            lambda stage=stage: repeated.critical_discount(stage, concert, "optimal"),
            note=f"{optimal.overall:.6f}, bracket {width:.1e} wide",
        )
    add(
        "critical discount, renegotiation-proof",
        lambda: repeated.critical_discount(game, concert, "renegotiation-proof"),
    )
    add(
        "critical discount, tit for tat toward each",
        lambda: repeated.critical_discount(game, concert, "tit-for-tat", toward="each"),
    )
    each = strategies.tit_for_tat(game, concert, hostile, toward="each")
    play = RepeatedGame(game, model.discount)
    add("check of 64 states, every one-shot deviation", lambda: repeated.check(play, each))
    for rounds, runs in ((50, 1), (200, 100), (200, 2000)):
        # Without misperception, since the loop has none; the exact means are part of ours.
        add(
            f"simulation, {runs} runs of {rounds} rounds, trembles",
            lambda rounds=rounds, runs=runs: repeated.simulate(
                play, each, rounds, runs, seed=SEED, tremble=0.02
            ),
            lambda rounds=rounds, runs=runs: plain_loop(play, each, rounds, runs, SEED, 0.02),
        )
    field = {
        "grim": strategies.grim(game, concert, hostile),
        "tit for tat": strategies.tit_for_tat(game, concert, hostile),
        "tit for tat toward each": each,
        "generous": strategies.generous_tit_for_tat(game, concert, hostile, 1 / 3),
        "win-stay lose-shift": strategies.win_stay_lose_shift(game, concert, hostile),
        "limited punishment": strategies.limited_punishment(game, concert, hostile, 3),
        "always concert": strategies.always(game, concert),
        "always all-out": strategies.always(game, hostile),
    }
    add(
        "tournament of 8 doctrines, 512 tables, exact",
        lambda: repeated.tournament(play, field, tremble=0.02),
        note="winner: " + repeated.tournament(play, field, tremble=0.02).winner,
    )
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as a markdown table."""
    lines = [
        "| what | first, ms | after, ms | plain loop, ms | ratio | note |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        loop = "" if row["loop"] is None else f"{row['loop']:.1f}"
        ratio = "" if row["loop"] is None else f"{row['loop'] / row['after']:.2g}"
        lines.append(
            f"| {row['what']} | {row['first']:.1f} | {row['after']:.1f} | {loop} | {ratio} | {row['note']} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    text = table(run())
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(f"{(__doc__ or '').strip()}\n\n{text}", encoding="utf-8")
    print(text)
