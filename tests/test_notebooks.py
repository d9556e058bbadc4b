"""Every notebook runs from top to bottom, and the numbers in it are the solvers' own."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from games import deals, load
from solvers import compare, doubt, linkage, minmax, nash

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def run(name: str, expressions: dict[str, str]) -> dict[str, Any]:
    """Execute a notebook and evaluate some expressions in its last state."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    ask = "import json\nprint(json.dumps({" + ", ".join(f"{k!r}: {e}" for k, e in expressions.items()) + "}))"
    notebook.cells.append(nbformat.v4.new_code_cell(ask))
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOKS)}}
    ).execute()
    printed = "".join(o["text"] for o in notebook.cells[-1].outputs if o.get("name") == "stdout")
    answer: dict[str, Any] = json.loads(printed)
    return answer


def first() -> None:
    found = run(
        "01-concert-or-competition.ipynb",
        {
            "premium": "result.premium['premium low'].to_dict()",
            "complete": "competition.complete",
            "burden": "deal.burden_total['person burden high']",
            "friction": "other.model.friction",
            "verdict": "list(other.verdict)",
        },
    )
    model = load("us-china-russia-2025")
    assert found["premium"] == pytest.approx(compare.concert(model).premium["premium low"].to_dict())
    assert found["complete"]
    deal = compare.concert(model, map="Ukraine to Russia")
    assert found["burden"] == pytest.approx(deal.burden_total["person burden high"])
    assert found["friction"] == 2
    assert len(found["verdict"]) == 3


def second() -> None:
    found = run(
        "02-where-payoffs-come-from.ipynb",
        {
            "burnt": "equals['burnt'].tolist()",
            "stays out": "float(stays_out)",
            "flip": "float(flips.loc['Ukraine', 'flips above km'])",
            "sums": "ledger.sum().to_dict()",
            "denial": "denial.loc['Russia'].tolist()",
            "gain": "swing.loc[('parameters.friction', 'high: 5')].tolist()",
            "assumed": "float((inputs['tag'] == 'assumed').mean())",
        },
    )
    model = load("us-china-russia-2025")
    # Between n equals a share (n - 1) / n of the prize is burnt; beside two of weight 1 a third stays out up to 1 / 2.
    assert found["burnt"] == pytest.approx([1 / 2, 2 / 3, 4 / 5])
    assert found["stays out"] == pytest.approx(0.5)
    distances = next(r for r in model.regions if r.name == "Ukraine").distances
    shares = dict(zip(model.players, model.capability))
    levels = [
        (distances[p] - distances["Russia"]) / math.log2(shares[p] / shares["Russia"])
        for p in ("United States", "China")
    ]
    assert found["flip"] == pytest.approx(min(levels))
    for regime, total in found["sums"].items():
        assert total == pytest.approx(model.stage().payoff(model.regimes[regime])[0])
    always = model.with_denial("always").stage().payoff(model.regimes["concert"])[2]
    assert found["denial"][2] == pytest.approx(always)
    assert found["denial"][0] < found["denial"][2]
    game = model.vary({"parameters.friction": 5.0}).stage()
    gain = game.payoff(model.regimes["concert"]) - game.payoff(model.regimes["all-out"])
    assert found["gain"] == pytest.approx(gain.tolist())
    assert found["assumed"] == pytest.approx(model.assumed_share)


def third() -> None:
    found = run(
        "03-equilibria.ipynb",
        {
            "competition": "[[int(a) for (a,) in e.support] for e in competition if e.is_pure]",
            "left": "[list(k) for k in elimination.kept]",
            "nine": "[len(nine), sum(e.index for e in nine), nine.complete, sorted({e.proof for e in nine})]",
            "corners": "[len(c.vertices) for c in degenerate.components]",
            "unfinished": "[unfinished.complete, unfinished.degenerate]",
            "criteria": "{c: [list(conventions[k].support) for k in kept] for c, kept in criteria.items()}",
            "chicken": "[float(best_alone), float(advised.value)]",
            "floor": "floors.loc['Player 1'].tolist()",
            "precise": "float(branch.profiles[0][-1, 1])",
        },
    )
    game = load("us-china-russia-2025").stage()
    stable = np.argwhere(game.best_response_mask.all(axis=-1))
    assert sorted(found["competition"]) == stable.tolist()
    # What dominance leaves holds every equilibrium.
    assert all(a in kept for profile in stable.tolist() for a, kept in zip(profile, found["left"]))
    assert found["nine"] == [9, 1, True, ["exact", "interval"]]
    assert sorted(found["corners"]) == [1, 2]
    assert found["unfinished"] == [False, True]
    stag, hare = [[[0], [0]]], [[[1], [1]]]
    assert found["criteria"]["payoff-dominant"] == found["criteria"]["strong"] == stag
    assert found["criteria"]["risk-dominant"] == found["criteria"]["limiting-logit"] == hare
    assert found["chicken"] == pytest.approx([28 / 3, 10.5])
    assert found["floor"] == pytest.approx([1, 2 / 3, 1 / 2])
    assert found["precise"] > 0.99


def fourth() -> None:
    found = run(
        "04-the-shadow-of-the-future.ipynb",
        {
            "needed": "needed",
            "cooperation": "[bool(c.contains([3, 3])) for c in sets.values()]",
            "minmax": "critical['minmax'].tolist()",
            "order": "bool((critical['nash'].max() >= critical['optimal'].max() >= critical['minmax'].max()))",
            "gaps": "[found.gap, own.gap]",
            "inside": "[bool(found.inner.contains(v)) for _, v in points.values()]",
            "keeping": "[verdict.is_equilibrium, verdict.payoffs.tolist()]",
            "harsh": "harsh.is_equilibrium",
            "feud": "((feud.mean - feud.expected) / feud.standard_error).tolist()",
            "scores": "{t: cup.to_frame()['Player 1'].to_dict() for t, cup in cups.items()}",
            "noise": "[float(noisy[0]), float(line[0]), float(abs(np.array(noisy) - line).max())]",
            "life": "life.expected_life",
            "war": "[bool(s['war'].iloc[0]) for s in shifts]",
        },
    )
    golden, needed = (5**0.5 - 1) / 2, found["needed"]
    assert needed["for ever (grim)"] == pytest.approx(0.5)
    assert needed["for two periods"] == pytest.approx(golden)
    assert needed["tit for tat"] == pytest.approx(2 / 3)
    assert needed["the worst that is an equilibrium"] == pytest.approx(0.5)
    assert found["cooperation"] == [False, True, True]
    model = load("us-china-russia-2025")
    game = model.stage("Ukraine to Russia")
    concert = game.payoff(model.regimes["concert"])
    gain = game.regret(game.mixed(model.regimes["concert"]))
    floor = minmax.values(game, "correlated").values
    assert found["minmax"] == pytest.approx((gain / (gain + concert - floor)).tolist())
    assert found["order"]
    assert found["gaps"][0] == 0.0
    assert 0.01 < found["gaps"][1] < 0.09
    assert found["inside"][:2] == [True, True]
    assert found["keeping"][0]
    assert found["keeping"][1] == pytest.approx(concert.tolist())
    assert not found["harsh"]
    assert max(map(abs, found["feud"])) < 4
    # Without slips three of grim or of tit for tat contribute for ever, and meet the others alike.
    assert found["scores"]["0"]["grim"] == pytest.approx(found["scores"]["0"]["tit for tat"])
    assert found["noise"][0] == pytest.approx(2 / (0.7 * 2 + 2))
    assert found["noise"][2] < 1e-9
    assert found["life"] == pytest.approx(1 / (1 - np.prod(1 - model.tremble)))
    assert found["war"] == [False, False, True, True]


def fifth() -> None:
    found = run(
        "05-dividing-the-map.ipynb",
        {
            "count": "len(table)",
            "today": "table.payoffs[today].tolist()",
            "fewest": "[int(listed), program]",
            "holds": "answers['fewest changes that hold'].partition",
            "critical": "table.critical_discount[table.number(answers['fewest changes that hold'].partition)].tolist()",
            "gains": "{name: g.tolist() for name, g in gains.items()}",
            "burden": "burden.loc['Ukraine to Russia'].tolist()",
            "values": "[float(sum(v)) for v in values.values()]",
            "cost": "cost.cost.tolist()",
        },
    )
    model = load("us-china-russia-2025")
    assert found["count"] == 4 ** len(model.regions)
    assert found["today"] == pytest.approx(model.stage().payoff(model.regimes["concert"]).tolist())
    assert found["fewest"][0] == found["fewest"][1]
    # That division holds by the stage game on it: gain over gain and loss, against the worst equilibrium on today's map.
    stage, competition = model.stage(found["holds"]), nash.find_all(model.stage())
    concert = stage.payoff(model.regimes["concert"])
    worst = np.min([e.payoffs for e in competition], axis=0)
    gain = stage.regret(stage.mixed(model.regimes["concert"]))
    for g, u, w, critical, own in zip(gain, concert, worst, found["critical"], model.discount):
        assert critical == pytest.approx(0.0 if g <= 1e-9 else g / (g + u - w))
        assert critical <= own
    nash_gains, equal = found["gains"]["nash"], found["gains"]["egalitarian"]
    assert np.ptp(equal) == pytest.approx(0.0, abs=1e-6)
    assert all(np.prod(nash_gains) >= np.prod(g) - 1e-6 for g in found["gains"].values())
    assert all(sum(found["gains"]["utilitarian"]) >= sum(g) - 1e-6 for g in found["gains"].values())
    deal = compare.concert(model, map="Ukraine to Russia").burden_total
    assert found["burden"] == pytest.approx([deal["person burden low"], deal["person burden high"]])
    whole = float(model.stage().payoffs.sum(axis=-1).max())
    assert found["values"] == pytest.approx([whole, whole])


def sixth() -> None:
    found = run(
        "06-the-strategic-triangle.ipynb",
        {
            "pivot": "textbook.payoff((1, 1, -1)).tolist()",
            "outcast": "textbook.payoff((-1, -1, 1)).tolist()",
            "stable": "[list(s) for s in textbook.stable]",
            "kissinger": "[kissinger.asked, kissinger.worth, kissinger.counter]",
            "cost": "path.cost",
            "beats": "triads.sentence('cinc')",
            "lasting": "sum(lasts.values())",
            "pairs": "[len(c) for c in joint.pairs]",
        },
    )
    model = load("us-china-russia-2025")
    assert found["pivot"] == [3, -1, -1]
    assert found["outcast"] == [-3, 1, 1]
    assert found["stable"] == [[1, 1, 1]]
    game = model.stage()
    bloc, reverse = (game.payoff(model.regimes[r]) for r in ("China-Russia bloc", "reverse Kissinger"))
    change = reverse - bloc
    assert found["kissinger"] == pytest.approx([-change[2], change[0], -change[1]])
    assert found["cost"] >= max(0.0, -change.min()) - 1e-9
    shares = model.capability_shares["cinc"]
    strongest = model.players[int(shares.argmax())]
    expected = f"{strongest} beats the other two together" if shares.max() > 0.5 else "any two beat one"
    assert found["beats"] == expected
    assert found["lasting"] >= 1
    concert = game.payoff(model.regimes["concert"])
    for (i, j), count in zip(((0, 1), (0, 2), (1, 2)), found["pairs"]):
        k = 3 - i - j
        joint = np.moveaxis(game.payoffs, k, 0)[game.profile(model.regimes["concert"])[k]]
        both = (joint[..., i] > concert[i] + 1e-9) & (joint[..., j] > concert[j] + 1e-9)
        assert count == both.sum()


def seventh() -> None:
    found = run(
        "07-a-deal-of-your-own.ipynb",
        {
            "pooled": "[pooled.pooled_slack.tolist(), pooled.pooled_critical.tolist(), pooled.holds, pooled.weaker]",
            "alone": "pooled.holds_separately",
            "crossing": "[float(np.interp(0, slack[:, i], patience)) for i in range(2)]",
            "ends": "int(ends['holds'].sum())",
            "taiwan": "[taiwan.slack.sum(axis=0).tolist(), taiwan.pooled_slack.tolist()]",
            "tariffs": "tariffs['gain from free trade'].tolist()",
            "verification": "needed.to_numpy().tolist()",
            "threat": "threat.outcome",
            "swaps": "exchanges.loc['exchanges'].astype(int).tolist()",
            "war": "[shadow.low, shadow.high, float(share)]",
        },
    )
    # Each side gains its cost once by breaking and loses the other's concession less its own for good.
    costs, premiums, discounts = (1.38, 2.34), (2.21 - 1.38, 4.68 - 2.34), (0.77, 0.875)
    slack, critical, holds, weaker = found["pooled"]
    assert slack == pytest.approx([d * p - (1 - d) * c for c, p, d in zip(costs, premiums, discounts)])
    assert critical == pytest.approx([c / (c + p) for c, p in zip(costs, premiums)])
    assert found["crossing"] == pytest.approx(critical, abs=1e-3)
    assert (holds, weaker, found["alone"]) == (True, "United States", False)
    assumed = deals.inputs("philippines").dropna(subset=["low", "high"])
    held = 0
    for _, number in assumed.iterrows():
        for end in ("low", "high"):
            held += linkage.pooling(deals.get("philippines", {number["path"]: number[end]})).holds
    assert found["ends"] == held
    assert found["taiwan"][0] == pytest.approx(found["taiwan"][1])
    # The large economy wins the first war and both lose the second.
    assert [gain > 0 for gain in found["tariffs"]] == [False, True, True, True]
    # The prisoner's dilemma's closed form: gain 2, loss 2.
    closed = [[2 / ((q - e) * 2 + (1 - e) * 2) for e in (0.0, 0.05, 0.1, 0.2)] for q in (1.0, 0.9, 0.7, 0.5)]
    assert found["verification"] == [pytest.approx(row) for row in closed]
    assert found["threat"] == "status quo"
    model = load("us-china-russia-2025")
    assert found["swaps"][1] == len(linkage.swaps(model, "United States", "Russia", at_most=3))
    # Rubinstein: the first proposer gets (1 - d2) / (1 - d1 d2) of what there is to divide.
    assert found["war"] == pytest.approx([0.5, 0.8, 0.5 + 0.3 * (1 - 0.8) / (1 - 0.9 * 0.8)])


def ninth() -> None:
    found = run(
        "09-what-the-other-does-not-know.ipynb",
        {
            "crisis": "solved[0].payoffs.tolist()",
            "demand": "[best.share, best.risk, sorted(asked)]",
            "breakfast": "[v.holds for v in sequential.refine(equilibria, 'intuitive').verdicts]",
            "messages": "[[path[1] for path in e.outcomes] for e in equilibria]",
            "called bluffs": "{k: len(v) for k, v in signals.items()}",
            "horse": "verdicts",
            "reputation": "[bool(verdict), beliefs['Entrant 2 after fight']]",
            "moves": "[list(moves.game.labels(s)) for s in moves.non_myopic]",
            "trust": "trust['trust'].tolist()",
            "doubt": "cost.cost.tolist()",
            "trial": "[needed, low, high, trial.failure, trial.holds]",
            "hostage": "trial.hostage('China')['hostage'].tolist()",
            "intent": "[intent.threshold('Russia'), intent.hostage('Russia')['hostage'].tolist()]",
        },
    )
    assert found["crisis"] == [8, 2]
    assert found["demand"] == [pytest.approx(0.7), pytest.approx(0.4), ["demand 7/10"]]
    # What survives the intuitive criterion is what both types drink beer in.
    assert found["breakfast"] == [set(m) == {"beer"} for m in found["messages"]]
    assert set(found["called bluffs"].values()) == {0}
    assert found["horse"]["sequential"] == [False, True]
    assert found["horse"]["subgame perfect"] == [True, True]
    assert found["reputation"] == [True, ["1/2", "1/2"]]
    assert ["Blockade", "Withdraw"] in found["moves"]
    # The minimum trust threshold is 2/3.
    assert found["trust"] == [False, False, True, True]
    assert found["doubt"] == [[0.375, 0.375], [0.375, 0.375]]
    needed, low, high, failure, holds = found["trial"]
    assert failure == pytest.approx(0.5)
    assert holds == (needed <= 0.5)
    model = load("us-china-russia-2025")
    kinds = {"China": [doubt.Kind("much", "1/2", {"contest_cost": 0.3}), doubt.Kind("as it is", "1/2")]}
    trial = doubt.from_model(model, kinds)
    assert [needed, low, high] == pytest.approx([trial.threshold("China"), *trial.signal("China")])
    # What the unwilling kind must lose is its margin of breaking over keeping.
    keep, broken = trial.game.payoffs[0, :, 0, 0, 0, 0, 1], trial.game.payoffs[0, :, 0, 0, 1, 0, 1]
    assert found["hostage"] == pytest.approx(np.maximum(broken - keep, 0).tolist())
    game = model.stage("Ukraine to Russia")
    gain = game.regret(game.mixed(model.regimes["concert"]))[2]
    assert found["intent"][1][1] == pytest.approx(max(gain, 0))


CHECKS: dict[str, Callable[[], None]] = {
    "01-concert-or-competition.ipynb": first,
    "02-where-payoffs-come-from.ipynb": second,
    "03-equilibria.ipynb": third,
    "04-the-shadow-of-the-future.ipynb": fourth,
    "05-dividing-the-map.ipynb": fifth,
    "06-the-strategic-triangle.ipynb": sixth,
    "07-a-deal-of-your-own.ipynb": seventh,
    "09-what-the-other-does-not-know.ipynb": ninth,
}


def test_every_notebook_has_a_check():
    assert sorted(path.name for path in NOTEBOOKS.glob("*.ipynb")) == sorted(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_the_notebook_runs_and_its_numbers_hold(name):
    CHECKS[name]()


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda p: p.name)
def test_outputs_are_kept_and_none_is_an_error(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in code)
    assert not any(o.output_type == "error" for cell in code for o in cell.outputs)
