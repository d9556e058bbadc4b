"""Every notebook runs from top to bottom, and the numbers in it are the solvers' own."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from games import catalog, deals, load, stances
from games.issues import Bundle
from solvers import compare, doubt, linkage, minmax, nash, uncertainty
from solvers.spheres.standing import stand

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
NUMBER = re.compile(r"((?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)")


def run(name: str, expressions: dict[str, str]) -> dict[str, Any]:
    """Execute a notebook and evaluate some expressions in its last state."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    ask = "import json\nprint(json.dumps({" + ", ".join(f"{k!r}: {e}" for k, e in expressions.items()) + "}))"
    notebook.cells.append(nbformat.v4.new_code_cell(ask))
    client = NotebookClient(
        notebook, timeout=900, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOKS)}}
    )
    # Progress bars are widgets, and nbclient fails where two of them close in another order than it expects.
    client.widget_registry = {}
    # `execute` leaves its event loop open; this one is closed with the notebook.
    asyncio.run(client.async_execute())
    printed = "".join(o["text"] for o in notebook.cells[-1].outputs if o.get("name") == "stdout")
    kept = nbformat.read(NOTEBOOKS / name, as_version=4)
    for number, (old, new) in enumerate(zip(kept.cells, notebook.cells)):
        if old.cell_type == "code":
            same(shown(old), shown(new), f"{name}, cell {number}")
    answer: dict[str, Any] = json.loads(printed)
    return answer


def shown(cell: Any) -> str:
    """What a code cell printed and the text of its results; not pictures, nor progress and warnings."""
    texts = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            texts.append(output.text)
        elif output.output_type == "execute_result":
            texts.append(output.data.get("text/plain", ""))
    return "\n".join(texts)


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_no_notebook_keeps_a_progress_bar(path):
    """A bar that stopped halfway says nothing, and its colours cannot be read on a dark page."""
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", ()):
            words = output.get("data", {}).get("text/plain", output.get("text", ""))
            assert "━" not in words
            assert output.output_type != "display_data" or words.strip()


def same(kept: str, fresh: str, where: str) -> None:
    """The words are the same and the numbers nearly so; how a table is laid out does not matter."""
    old, new = (NUMBER.split(text) for text in (kept, fresh))
    assert ["".join(w.split()) for w in old[::2]] == ["".join(w.split()) for w in new[::2]], where
    numbers = [[float(x) for x in parts[1::2]] for parts in (old, new)]
    # Rounding to the digits that are shown may differ by a unit between machines; integers may not.
    assert numbers[1] == pytest.approx(numbers[0], rel=1e-3, abs=1e-2), where


def first() -> None:
    found = run(
        "01-concert-or-competition.ipynb",
        {
            "premium": "result.premium['premium low'].to_dict()",
            "complete": "competition.complete",
            "observed": "[tuple(int(a) for (a,) in e.support) == tuple(observed) for e in competition]",
            "variants": "variants['holds nash'].tolist()",
            "losers": "(variants[[f'{p} premium low' for p in model.players]] < 0).to_numpy().tolist()",
            "maps": "result.maps['China premium low'].to_dict()",
            "burden": "deal.burden_total['person burden high']",
            "shown": "float(burden['person burden low'].sum())",
            "friction": "other.model.friction",
            "verdict": "list(other.verdict)",
            "both": "[both.standing.holds, both.premium['premium low'].tolist()]",
            "costly": "[costly.standing.holds, costly.premium['premium low'].tolist()]",
        },
    )
    model = load("us-china-russia-2025")
    assert found["premium"] == pytest.approx(compare.concert(model).premium["premium low"].to_dict())
    assert found["complete"]
    # The only equilibrium of competition is the first of the observed readings.
    assert found["observed"] == [True]
    stage = model.stage()
    assert stage.best_response_mask[model.profile("2025: two rivals")].all()
    # The verdict turns on what a claim puts at stake: a different power loses under each of the first two rules.
    assert found["variants"] == [False, False, True]
    assert found["losers"] == [[False, True, False], [False, False, True], [False, False, False]]
    assert all(premium < 0 for premium in found["maps"].values())
    assert found["maps"]["Taiwan to China"] == pytest.approx(2 / 3 * found["maps"]["status quo"], rel=0.05)
    deal = compare.concert(model, map="Ukraine to Russia")
    assert found["burden"] == pytest.approx(deal.burden_total["person burden high"])
    assert found["shown"] == pytest.approx(deal.burden_total["person burden low"])
    assert found["friction"] == 0.1
    assert len(found["verdict"]) == 3
    mild = model.with_parameters(claims="part or rivalry")
    for answer, varied, place in (
        ("both", mild, "Ukraine to Russia, Taiwan to China"),
        ("costly", model.vary({"contest_cost": model.assumptions["contest_cost"].high}), "status quo"),
    ):
        holds, premiums = found[answer]
        game = varied.stage(place)
        concert = game.payoff(varied.regimes["concert"])
        gain = game.regret(game.mixed(varied.regimes["concert"]))
        # By hand: no power gains by a year's deviation if the worst equilibrium on that map follows.
        worst = np.min([e.payoffs for e in nash.find_all(game)], axis=0)
        assert holds == (varied.discount * (concert - worst) >= (1 - varied.discount) * gain).all()
        most = np.max([e.payoffs for e in nash.find_all(varied.stage())], axis=0)
        assert premiums == pytest.approx((concert - most).tolist())
        assert holds == (min(premiums) > 0) == (answer == "both")


def second() -> None:
    found = run(
        "02-where-payoffs-come-from.ipynb",
        {
            "burnt": "equals['burnt'].tolist()",
            "held": "[float(alone.held), float(allied.held)]",
            "cost": "[float(alone.costs[0]), float(allied.costs[0])]",
            "strongest": "model.players[int(model.strength()[ukraine].argmax())]",
            "sums": "ledger.sum().to_dict()",
            "claims": "claims.loc['India and 1 other'].tolist()",
            "taiwan": "claims.loc['Taiwan'].tolist()",
            "gain": "swing.loc[('contest_cost', '0.3')].tolist()",
            "turns": "[bool((swing[p] > 0).any() and (swing[p] < 0).any()) for p in model.players]",
            "overtaken": "[float(overtaken), float(reach[1] - reach[0])]",
            "moved": "moved.index[0]",
        },
    )
    model = load("us-china-russia-2025")
    # Between n equals a share (n - 1) / n of the prize is burnt.
    assert found["burnt"] == pytest.approx([1 / 2, 2 / 3, 4 / 5])
    # p = W_D / (W_D + W_A), and a member pays p q times its gain times its part of its side's weight.
    assert found["held"] == pytest.approx([3 / 7, 5 / 9])
    assert found["cost"] == pytest.approx([12 / 49, 5 / 9 * 4 / 9 * 3 / 5])
    assert found["strongest"] == "United States"
    for regime, total in found["sums"].items():
        assert total == pytest.approx(model.stage().payoff(model.regimes[regime])[0])
    place, all_out = model.region_names.index("India and 1 other"), model.profile_contests("all-out")[None]
    for value, rule in zip(found["claims"], ("whole", "part", "part or rivalry")):
        payoffs = model.with_parameters(claims=rule).region_payoffs(all_out)
        assert value == pytest.approx(payoffs[0, place, 1])
    assert np.ptp(found["taiwan"]) == pytest.approx(0)
    game = model.vary({"contest_cost": 0.3}).stage()
    gain = game.payoff(model.regimes["concert"]) - game.payoff(model.regimes["all-out"])
    assert found["gain"] == pytest.approx(gain.tolist())
    assert found["turns"] == [False, True, False]
    at, step = found["overtaken"]
    ukraine = model.region_names.index("Ukraine")
    america, china, _ = np.array(
        [model.with_parameters(half_distance=km).strength()[ukraine] for km in (at - step, at)]
    ).T
    assert (china > america).tolist() == [False, True]
    stakes = [
        model.with_parameters(claims=rule).region_payoffs(all_out)[0, :, 2] for rule in ("whole", "part")
    ]
    assert found["moved"] == model.region_names[int(np.abs(stakes[1] - stakes[0]).argmax())]


def third() -> None:
    found = run(
        "03-equilibria.ipynb",
        {
            "competition": "[[int(a) for (a,) in e.support] for e in competition if e.is_pure]",
            "left": "[list(k) for k in elimination.kept]",
            "nine": "[len(nine), sum(e.index for e in nine), nine.complete, sorted({e.proof for e in nine})]",
            "corners": "[len(c.vertices) for c in degenerate.components]",
            "continuum": "[continuum.complete, continuum.degenerate]",
            "ends": "[[[v.tolist() for v in end] for end in c.vertices] for c in continuum.components]",
            "criteria": "{c: [list(conventions[k].support) for k in kept] for c, kept in criteria.items()}",
            "chicken": "[float(best_alone), float(advised.value)]",
            "floor": "floors.loc['Player 1'].tolist()",
            "precise": "float(branch.profiles[0][-1, 1])",
            "handed": "[[int(a) for (a,) in e.support] for e in handed if e.is_pure]",
            "turns": "equilibria[kept].describe()",
        },
    )
    model = load("us-china-russia-2025")
    game = model.stage()
    stable = np.argwhere(game.best_response_mask.all(axis=-1))
    assert sorted(found["competition"]) == stable.tolist()
    # What dominance leaves holds every equilibrium.
    assert found["left"] == [[a] for a in stable[0]]
    handed = np.argwhere(model.stage("Taiwan to China").best_response_mask.all(axis=-1))
    assert found["handed"] == handed.tolist() == stable.tolist()
    assert found["turns"] == "Player 1: Stag; Player 2: Stag"
    assert found["nine"] == [9, 1, True, ["exact", "interval"]]
    assert sorted(found["corners"]) == [1, 2]
    assert found["continuum"] == [True, True]
    nau = catalog.nau_continuum()
    for end in (end for component in found["ends"] for end in component):
        assert nau.regret(tuple(np.array(v) for v in end)).max() <= 1e-9
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
            "needed by": "[[float(x) if np.isfinite(x) else None for x in row] for row in needed_by.to_numpy()]",
            "gaps": "[found.gap, own.gap]",
            "inside": "bool(found.inner.contains(points['concert'][1]))",
            "keeping": "[verdict.is_equilibrium, verdict.payoffs.tolist()]",
            "harsh": "harsh.is_equilibrium",
            "feud": "((feud.mean - feud.expected) / feud.standard_error).tolist()",
            "scores": "{t: cup.to_frame()['Player 1'].to_dict() for t, cup in cups.items()}",
            "noise": "[float(noisy[0]), float(line[0]), float(abs(np.array(noisy) - line).max())]",
            "life": "life.expected_life",
            "war": "[bool(s['war'].iloc[0]) for s in shifts]",
            "once": "float(once) if np.isfinite(once) else None",
            "bounds": "bounds['status quo'].tolist()",
        },
    )
    golden, needed = (5**0.5 - 1) / 2, found["needed"]
    assert needed["forever (grim)"] == pytest.approx(0.5)
    assert needed["for two periods"] == pytest.approx(golden)
    assert needed["tit for tat"] == pytest.approx(2 / 3)
    assert needed["optimal (worst equilibrium)"] == pytest.approx(0.5)
    assert found["cooperation"] == [False, True, True]
    assert found["once"] is None
    model = load("us-china-russia-2025").with_parameters(claims="part or rivalry")
    game = model.stage("Ukraine to Russia")
    concert = game.payoff(model.regimes["concert"])
    gain = game.regret(game.mixed(model.regimes["concert"]))
    floor = minmax.values(game, "correlated").values
    assert found["minmax"] == pytest.approx((gain / (gain + concert - floor)).tolist())
    assert found["order"]
    # By hand: gain over gain and loss, and no discount factor will do where competition pays more than the deal.
    for column, varied in enumerate((load("us-china-russia-2025"), model)):
        stage = varied.stage("Ukraine to Russia")
        deal = stage.payoff(varied.regimes["concert"])
        tempted = stage.regret(stage.mixed(varied.regimes["concert"]))
        worst = np.min([e.payoffs for e in nash.find_all(stage)], axis=0)
        for row, g, u, w in zip(found["needed by"], tempted, deal, worst):
            assert row[column] == (None if u <= w else pytest.approx(g / (g + u - w)))
    today = model.stage()
    deal, tempted = (
        today.payoff(model.regimes["concert"]),
        today.regret(today.mixed(model.regimes["concert"])),
    )
    lowest = minmax.values(today, "correlated").values
    assert found["bounds"] == pytest.approx((tempted / (tempted + deal - lowest)).tolist(), abs=1e-9)
    assert found["gaps"][0] == 0.0
    assert 0.01 < found["gaps"][1] < 0.12
    assert found["inside"]
    assert found["keeping"][0]
    assert found["keeping"][1] == pytest.approx(concert.tolist())
    assert not found["harsh"]
    assert max(map(abs, found["feud"])) < 4
    # Without slips three of grim or of tit for tat contribute forever, and meet the others alike.
    assert found["scores"]["0"]["grim"] == pytest.approx(found["scores"]["0"]["tit for tat"])
    assert found["noise"][0] == pytest.approx(2 / (0.7 * 2 + 2))
    assert found["noise"][2] < 1e-9
    assert found["life"] == pytest.approx(1 / (1 - np.prod(1 - model.tremble)))
    assert found["war"] == [False, False, True, True]


def fifth() -> None:
    found = run(
        "05-dividing-the-map.ipynb",
        {
            "count": "[len(table), int(table.acceptable.sum()), int(table.holds.sum())]",
            "today": "table.payoffs[today].tolist()",
            "fewest": "[listed, [int(v) for v in program]]",
            "holds": "answers['it holds'].partition",
            "anywhere": "answers['it holds, any region'].partition",
            "rules": "by_rule.astype(int).to_numpy().tolist()",
            "gains": "{name: g.tolist() for name, g in gains.items()}",
            "burden": "burden.loc['Ukraine to Russia'].tolist()",
            "values": "[float(sum(v)) for v in values.values()]",
            "cost": "cost.cost.tolist()",
            "two": "[len(two), int(two.acceptable.sum())]",
            "least": "[least, change]",
        },
    )
    model = load("us-china-russia-2025")
    assert found["count"][1] > 1000
    assert found["count"][2] == 0
    assert found["today"] == pytest.approx(model.stage().payoff(model.regimes["concert"]).tolist())
    assert found["fewest"][0] == found["fewest"][1]
    # Divisions that hold do so by the stage game on them: gain over gain and loss, against competition on today's map.
    worst = np.min([e.payoffs for e in nash.find_all(model.stage())], axis=0)
    for division in ("holds", "anywhere"):
        changed = {
            r: h
            for r, h, now in zip(found[division], found[division].values(), model.holder_names())
            if h != now
        }
        stage = model.stage(changed)
        concert = stage.payoff(model.regimes["concert"])
        gain = stage.regret(stage.mixed(model.regimes["concert"]))
        assert (model.discount * (concert - worst) >= (1 - model.discount) * gain - 1e-9).all()
    assert changed["India and 1 other"] == "China"
    whole, partly = found["rules"]
    assert whole == [*found["count"][1:], 0, 0, 0]
    assert partly[3] > 0
    assert partly[4] == 1
    nash_gains, equal = found["gains"]["nash"], found["gains"]["egalitarian"]
    assert np.ptp(equal) == pytest.approx(0.0, abs=1e-6)
    assert all(np.prod(nash_gains) >= np.prod(g) - 1e-6 for g in found["gains"].values())
    assert all(sum(found["gains"]["utilitarian"]) >= sum(g) - 1e-6 for g in found["gains"].values())
    deal = compare.concert(model, map="Ukraine to Russia").burden_total
    assert found["burden"] == pytest.approx([deal["person burden low"], deal["person burden high"]])
    mild = compare.concert(model.with_parameters(claims="part or rivalry")).burden_total
    assert mild["person burden low"] == pytest.approx(-120, abs=1)
    whole_worth = float(model.stage().payoffs.sum(axis=-1).max())
    assert found["values"] == pytest.approx([whole_worth, whole_worth])
    competition = np.max([e.payoffs for e in nash.find_all(model.stage())], axis=0)
    acceptable = 0
    for ukraine in ({}, *({"Ukraine": p} for p in (*model.players, "neutral"))):
        for taiwan in ({}, *({"Taiwan": p} for p in ("China", "Russia", "neutral"))):
            stage = model.stage({**ukraine, **taiwan})
            acceptable += (stage.payoff(model.regimes["concert"]) >= competition).all()
    assert found["two"] == [16, acceptable]
    least, change = found["least"]
    assert least == int(np.argmin(nash_gains))
    assert change == pytest.approx(equal[least] - nash_gains[least])


def sixth() -> None:
    found = run(
        "06-the-strategic-triangle.ipynb",
        {
            "pivot": "textbook.payoff((1, 1, -1)).tolist()",
            "outcast": "textbook.payoff((-1, -1, 1)).tolist()",
            "stable": "[list(s) for s in textbook.stable]",
            "kissinger": "[kissinger.asked, kissinger.worth, kissinger.counter]",
            "cost": "path.cost",
            "beats": "triads.sentence('CINC')",
            "lasting": "lasts",
            "pairs": "[len(c) for c in joint.pairs]",
            "gentle": "[gentle.asked, gentle.worth]",
            "then": "[list(s) for s in then.stable]",
            "opening": "[opening.asked, opening.worth]",
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
    shares = model.capability_shares["CINC"]
    strongest = model.players[int(shares.argmax())]
    expected = f"{strongest} beats the other two together" if shares.max() > 0.5 else "any two beat one"
    assert found["beats"] == expected
    # One triangle lasts on every map and by every index, and which one it is turns on what a claim puts at stake.
    cases = 3 * len(model.maps)
    lasting = {rule: {k: v for k, v in counts.items() if v} for rule, counts in found["lasting"].items()}
    assert lasting == {
        "whole": {"romantic triangle, Russia the pivot": cases},
        "part or rivalry": {"ménage à trois": cases},
    }
    # Friendly ties of the United States and Russia, and of China and Russia; the other pair contests.
    rivals_only = [("United States", "China"), ("China", "United States")]
    pivot = game.payoff(stances.from_pairs(model.players, rivals_only))
    # First Russia makes its peace for nothing; then either side may end the other friendship, and the cheaper one is paid.
    assert pivot[0] > bloc[0]
    assert pivot[2] > bloc[2]
    assert found["cost"] == pytest.approx(min(pivot[1] - reverse[1], pivot[2] - reverse[2]))
    change = pivot - bloc
    assert found["gentle"] == pytest.approx([-change[2], change[0]])
    cold = load("cold-war-1972")
    america, soviet, china = cold.players
    rivals = {
        "bloc": [(america, soviet), (soviet, america), (america, china), (china, america)],
        "opened": [(america, soviet), (soviet, america)],
        "pivot": [(america, china), (china, america)],
    }
    before, after, stays = (
        cold.stage().payoff(stances.from_pairs(cold.players, pairs)) for pairs in rivals.values()
    )
    assert found["opening"] == pytest.approx([before[2] - after[2], after[0] - before[0]])
    assert found["then"] == [[1, -1, 1]]
    assert stays[1] > before[1]
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
            "cases": "cases[['exchanges', 'mutual', 'held']].astype(int).to_numpy().tolist()",
            "taiwan holds": "[taiwan.holds, taiwan.holds_separately]",
            "own deal": "[own_deal.holds, own_deal.weaker, own_deal.pooled_critical.tolist()]",
            "trial": "[float(least), trial.holds]",
        },
    )
    # Each side gains its cost once by breaking and loses the other's concession less its own for good.
    costs, premiums, discounts = (0.169, 0.0876), (0.27 - 0.169, 0.175 - 0.0876), (0.818, 0.838)
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
    assert found["ends"] == held == len(assumed)
    # The worked cases say what the shipped ones do: the swap holds, the hemispheres leave nobody better off, Taiwan holds.
    bundles = {name: deals.get(name) for name in deals.names()}
    bundles = {name: case for name, case in bundles.items() if isinstance(case, Bundle)}
    counted = {}
    for name, case in bundles.items():
        exchanges = linkage.swaps(case)
        counted[name] = [len(exchanges), exchanges.mutual.sum(), (exchanges.mutual & exchanges.holds).sum()]
    assert found["cases"] == list(counted.values())
    assert [counted[name][2] for name in ("philippines", "hemispheres", "taiwan")] == [1, 0, 1]
    assert counted["hemispheres"][1] == 0
    assert found["taiwan holds"] == [True, False]
    assert found["own deal"] == [True, "United States", pytest.approx([0.05 / 0.10, 0.06 / 0.12])]
    assert found["trial"] == [pytest.approx(0.169 / 0.818), True]
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


def eighth() -> None:
    found = run(
        "08-how-sure-is-this.ipynb",
        {
            "shares": "shares['share'].to_dict()",
            "drawn": "{name: outcomes.condition(name).astype(int).tolist() for name in conditions}",
            "rules": "by_rule.loc[:, ['China gains', 'holds']].to_numpy().tolist()",
            "turns": "tornado.swings['turns'].to_dict()",
            "box": "[box.boxes[0].density.value, float(outcomes.condition('holds')[box.boxes[0].inside(draws.columns)].mean())]",
            "matched": "{name: [m.share.value, m.outcomes.share('holds').value] for name, m in matched.items()}",
            "regrets": "{name: [float(x) for x in m.regret[7]] for name, m in matched.items()}",
            "taiwan": "list(taiwan.turned_by('holds'))",
            "maps": "{place: o.condition('holds').astype(int).tolist() for place, o in on_maps.items()}",
        },
    )
    model = load("us-china-russia-2025")
    draws = model.draws(768, seed=1, switches=["claims"])
    # Game by game for a few draws, without the arrays: does the year's best deviation pay at a draw's own numbers?
    contests = model.profile_contests("2025: one rival")[None]
    for row in (7,):
        numbers = {name: column[row] for name, column in draws.columns.items()}
        varied = model.vary({k: v if isinstance(v, str) else float(v) for k, v in numbers.items()})
        game = varied.stage()
        for name in model.observed:
            regret = game.regret(game.mixed(varied.profile(name)))
            assert found["regrets"][name] == pytest.approx(np.maximum(regret, 0).tolist(), abs=1e-8)
        at_draw = model.payoffs(contests, draws=draws.take([row]))[0, 0]
        assert at_draw == pytest.approx(game.payoff(varied.profile("2025: one rival")))
    # The outcomes of all draws take long; a share is their mean, and some of them are worked out here again.
    drawn = {name: np.array(values) for name, values in found["drawn"].items()}
    again = uncertainty.evaluate(model, draws.take(slice(40)), regimes="concert", autonomy=False)
    for condition, share in found["shares"].items():
        assert share == pytest.approx(drawn[condition].mean())
        assert drawn[condition][:40].tolist() == again.condition(condition).astype(int).tolist()
    for rule, row in zip(("whole", "part", "part or rivalry"), found["rules"]):
        chosen = draws["claims"] == rule
        assert row == pytest.approx([drawn[name][chosen].mean() for name in ("China gains", "holds")])
    assert found["rules"][0][0] < 0.1 < found["rules"][1][0] < found["rules"][2][0] < 0.5
    assert found["turns"]["claims"] == "China, Russia, holds"
    # The box does better than all draws do, and not by much worse where it was checked than on the whole.
    density, overall = found["box"]
    assert density > 2 * found["shares"]["holds"]
    assert density == pytest.approx(overall, abs=0.15)
    # A reading with one rival keeps fewer draws, in which the concert holds far more often.
    two, one = (found["matched"][name] for name in ("2025: two rivals", "2025: one rival"))
    assert two[0] > 3 * one[0]
    assert one[1] > 3 * two[1]
    standings = {
        change: stand(model.vary({path: value}), "Taiwan to China", "concert", {}).holds
        for change, path, value in (
            ("claims = part", "claims", "part"),
            ("claims = part or rivalry", "claims", "part or rivalry"),
            ("contest_cost = 0.3", "contest_cost", 0.3),
        )
    }
    assert {change for change, holds in standings.items() if holds} == set(found["taiwan"]) & set(standings)
    some = draws.take(slice(8)).fix({"claims": "part or rivalry"})
    for place, held in found["maps"].items():
        expected = uncertainty.evaluate(model, some, map=place, regimes="concert", autonomy=False)
        assert len(held) == 128
        assert held[:8] == expected.condition("holds").astype(int).tolist()


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


def tenth() -> None:
    found = run(
        "10-tomorrows-power.ipynb",
        {
            "holds": "path.holds.mean(axis=0).tolist()",
            "foreseen": "bool((path.foreseen.sum(axis=0)[1:] >= path.foreseen.sum(axis=0)[:-1]).all())",
            "states": "[moving.n_states, moving.n_players, float(onward.sum())]",
            "taken": "float(onward[[n for n in onward.index if 'Taiwan: China' in n]].sum())",
            "idle": "needs['next leader of Russia'].iloc[:12:2].tolist()",
            "safe": "[safe['rising'], safe['declining']]",
            "costs": "costs.tolist()",
            "window": "sum(window.values())",
            "captured": "[float(c) for c in captured]",
            "forum": "[float(forum.points[0]), float(forum.patience), float(sight)]",
            "systems": "{n: bool(balance.stability(r).system_stable) for n, r in systems.items()}",
            "ranges": "[decisive.empty, decisive.missing, gradual.empty, gradual.low.tolist()]",
            "burnt": "[float(b) for b in burnt]",
            "steps": "steps.tolist()",
            "fronts": "str(fronts.value)",
            "answers": "[list(a) for a in answers]",
        },
    )
    model = load("us-china-russia-2025").with_parameters(claims="part or rivalry")
    outcomes = uncertainty.evaluate(
        model, model.draws(64, seed=1), regimes="concert", mixed="never", autonomy=False
    )
    assert found["holds"][0] == pytest.approx(outcomes.condition("holds").mean())
    # What holds from a year on holds from every later year on.
    assert found["foreseen"]
    assert found["states"] == [12, 4, pytest.approx(1)]
    frame = load("us-china-russia-2025").region_frame("all-out")
    assert found["taken"] <= 1 - frame.loc["Taiwan", "defended"] + 1e-9
    assert found["idle"] == [0] * 6
    # The rising side is bought off if d p' - p <= c_D (1 - d); no protocol helps above c_D + d c_R.
    for c, fearon, other in zip(found["costs"], *found["safe"]):
        assert fearon <= (0.3 + 0.1 * c) / 0.9 + 1e-9
        assert fearon <= other <= (0.3 + 1.9 * c) / 0.9 + 1e-9
    assert found["window"] == 0
    assert found["captured"] == sorted(found["captured"], reverse=True)
    points, patience, sight = found["forum"]
    assert sight == pytest.approx(1 / 3)
    assert min(points, patience) > 0
    assert found["systems"] == {
        "three of a kind": True,
        "one with half": True,
        "a hegemon": False,
        "a straggler": False,
        "today": False,
    }
    assert found["ranges"] == [True, 0.5, False, pytest.approx([0.4, 0.28, 0.17])]
    # Between two equals Tullock's contest burns half its decisiveness.
    assert found["burnt"] == pytest.approx([r / 2 for r in found["steps"]])
    assert found["fronts"] == "14/9"
    assert found["answers"] == [[], ["D"]]


def eleventh() -> None:
    found = run(
        "11-move-the-sliders.ipynb",
        {
            "premium": "premium.to_dict()",
            "ends": "at_ends.to_numpy().tolist()",
            "turn": "turn",
            "nothing": "[v.tolist() for v in at.values()]",
            "rules": "by_rule.to_dict()",
            "plane": "plane.eq('all gain').to_numpy().tolist()",
            "axes": "[externalities.tolist(), costs.tolist()]",
            "shares": "[o.share('Russia gains').value for o in (free, fixed)]",
            "same": "bool(same)",
            "far": "list(turned.index[turned])",
            "maps": "by_map.to_dict()",
            "jump": "[steps[jump:jump + 2].tolist(), line.tolist()]",
        },
    )
    model = load("us-china-russia-2025")
    powers = model.players

    def least(varied: Any, place: str = "status quo") -> Any:
        """The deal against the best equilibrium of competition, without the explorer."""
        most = np.max([e.payoffs for e in nash.find_all(varied.stage())], axis=0)
        return varied.stage(place).payoff(varied.regimes["concert"]) - most

    assert list(found["premium"].values()) == pytest.approx(least(model).tolist())
    for row, value in zip(found["ends"], (0.0, 1.0)):
        assert row == pytest.approx(least(model.vary({"externality": value})).tolist())
    around = [least(model.vary({"externality": found["turn"] + step}))[2] for step in (-1e-5, 1e-5)]
    assert around[0] < 0 < around[1]
    # Russia's sign turns over the range, China's does not.
    assert found["ends"][0][2] < 0 < found["ends"][1][2]
    assert max(row[1] for row in found["ends"]) < 0
    assert found["nothing"][0] == pytest.approx(found["nothing"][1])
    for rule, row in found["rules"].items():
        assert [row[p] for p in powers] == pytest.approx(least(model.with_parameters(claims=rule)).tolist())
    losers = [[p for p in powers if row[p] < 0] for row in found["rules"].values()]
    assert losers == [["China"], ["Russia"], []]
    (externalities, costs), plane = found["axes"], found["plane"]
    for i, j in ((1, 1), (3, 3), (0, 0), (6, 3)):
        changes = {"claims": "part or rivalry", "externality": externalities[i], "contest_cost": costs[j]}
        assert plane[i][j] == (least(model.vary(changes)) > 0).all()
    assert 0 < np.sum(plane) < 49
    for share, fixed in zip(found["shares"], ({}, {"externality": 1.0})):
        outcomes = uncertainty.evaluate(model, model.draws(200).fix(fixed), regimes="concert", autonomy=False)
        assert share == pytest.approx(outcomes.condition("Russia gains").mean())
    assert found["same"]
    signs = [np.sign(least(model.vary({"half_distance": km}))) for km in (2000.0, 8000.0)]
    assert found["far"] == [p for p, a, b in zip(powers, *signs) if a != b] == ["Russia"]
    assert found["maps"] == pytest.approx({place: least(model, place)[1] for place in model.maps})
    assert max(found["maps"], key=found["maps"].get) == "Taiwan to China"
    # The jump is where competition has another equilibrium.
    steps, line = found["jump"]
    before, after = (
        np.argwhere(model.vary({"war_cost": w}).stage().best_response_mask.all(axis=-1)).tolist()
        for w in steps
    )
    assert before != after
    assert abs(line[-1] - line[0]) > 2


CHECKS: dict[str, Callable[[], None]] = {
    "01-concert-or-competition.ipynb": first,
    "02-where-payoffs-come-from.ipynb": second,
    "03-equilibria.ipynb": third,
    "04-the-shadow-of-the-future.ipynb": fourth,
    "05-dividing-the-map.ipynb": fifth,
    "06-the-strategic-triangle.ipynb": sixth,
    "07-a-deal-of-your-own.ipynb": seventh,
    "08-how-sure-is-this.ipynb": eighth,
    "09-what-the-other-does-not-know.ipynb": ninth,
    "10-tomorrows-power.ipynb": tenth,
    "11-move-the-sliders.ipynb": eleventh,
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
