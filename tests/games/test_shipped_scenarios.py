"""The shipped scenarios: observed figures as published, assumed ones recomputed from the rules that the files state."""

from __future__ import annotations

import math
import tomllib

import pytest

from games import load
from games.scenario import _shipped, read

US, CN, RU = "United States", "China", "Russia"
NAME = "us-china-russia-2025"


@pytest.fixture(scope="module")
def tree() -> dict:
    return tomllib.loads(_shipped()[NAME].read_text())


@pytest.fixture(scope="module")
def values(tree) -> dict[str, float]:
    return read(NAME).inputs().set_index("path")["value"].to_dict()


def rounded(x: float) -> float:
    return float(f"{x:.3g}")


PUBLISHED = {
    "cinc": {US: 0.12357, CN: 0.23410, RU: 0.03820},
    "military": {US: 997, CN: 314, RU: 149},
    "ppp": {US: 29.18, CN: 38.19, RU: 6.92},
    "gdp": {US: 27361, CN: 17795, RU: 2021},
}
KILOMETRES = {
    "Ukraine": (7834, 6430, 744),
    "Baltics": (7271, 6539, 789),
    "Central Asia": (10466, 3923, 2788),
    "Taiwan": (12647, 1752, 7364),
    "Philippines and South China Sea": (13780, 2881, 8259),
    "Korea": (11165, 959, 6612),
    "Canada": (734, 10419, 7167),
    "Greenland": (3265, 8362, 4643),
    "Panama": (3337, 14308, 10810),
}


@pytest.mark.parametrize("index", PUBLISHED)
def test_capability_figures_are_the_published_ones(values, index):
    for power, figure in PUBLISHED[index].items():
        assert values[f"powers.{power}.capability.{index}"] == figure


def test_distances_are_the_published_ones(values):
    for region, km in KILOMETRES.items():
        for power, distance in zip((US, CN, RU), km):
            assert values[f"regions.{region}.distances.{power}"] == distance


def point(tree) -> float:
    """$bn a year in one point: the rule `point`."""
    return sum(r["gdp"]["value"] for r in tree["regions"].values()) * 0.1 / 100


def sizes(tree) -> dict[str, float]:
    """The rule `size`."""
    root = {n: math.sqrt(r["population"]["value"] * r["gdp"]["value"]) for n, r in tree["regions"].items()}
    return {n: 50 / len(root) + 50 * x / sum(root.values()) for n, x in root.items()}


def test_stakes_and_strengths_follow_the_rules(tree, values):
    total = sum(PUBLISHED["gdp"].values())
    for name, size in sizes(tree).items():
        assert values[f"regions.{name}.stake"] == rounded(2 * size)
        assert values[f"regions.{name}.strength"] == rounded(values[f"regions.{name}.gdp"] / total)
        for power, km in zip((US, CN, RU), KILOMETRES[name]):
            assert values[f"regions.{name}.stakes.{power}"] == rounded(size * 2 ** (-km / 10_000))


def test_aims_and_the_nearest_power_follow_the_rules(tree):
    for name, region in tree["regions"].items():
        nearest = (US, CN, RU)[KILOMETRES[name].index(min(KILOMETRES[name]))]
        wanting = {tree["maps"]["status quo"][name], nearest}
        assert region["aims"] == {p: "control" if p in wanting else "denial" for p in (US, CN, RU)}
        assert load(NAME).maps["nearest power"][name] == nearest


def test_ties_and_order_follow_the_rules(tree, values):
    unit = point(tree)
    trade = {f"{US} & {CN}": 688.3, f"{US} & {RU}": 3.5, f"{CN} & {RU}": 244.8}
    ideal = {US: 2.500, CN: -0.801, RU: -0.532}
    for key, goods in trade.items():
        a, b = key.split(" & ")
        assert values[f"ties.{key}.distance"] == pytest.approx(abs(ideal[a] - ideal[b]))
        assert values[f"ties.{key}.risk"] == round(9 / 91 / 10, 4)
        for me, other in ((a, b), (b, a)):
            assert values[f"ties.{key}.cooperation.{me}"] == rounded(goods * 0.2 / unit)
            assert values[f"ties.{key}.contesting.{me}"] == rounded(PUBLISHED["military"][other] * 0.1 / unit)
            assert values[f"ties.{key}.contested.{me}"] == rounded(PUBLISHED["military"][other] * 0.1 / unit)
            assert values[f"ties.{key}.war_loss.{me}"] == rounded(PUBLISHED["gdp"][me] * 0.1 / unit)
    for power, spending in PUBLISHED["military"].items():
        benefit = rounded(spending * 0.1 / unit)
        assert values[f"powers.{power}.benefit"] == benefit
        assert values[f"powers.{power}.upkeep"] == rounded(benefit / 2)
    for power, (spells, years) in {US: (15, 80), CN: (6, 76), RU: (10, 80)}.items():
        assert values[f"powers.{power}.survival"] == round(1 - spells / years, 4)
        assert 1 - (1 - values[f"powers.{power}.tremble"]) ** 3 == pytest.approx(1 / 39, abs=1e-4)


def test_growth_follows_the_rule(values):
    for power, before in {US: 0.1333, CN: 0.2308, RU: 0.0365}.items():
        expected = (PUBLISHED["cinc"][power] / before) ** (1 / 6) - 1
        assert values[f"powers.{power}.growth"] == round(expected, 4)


def test_every_rule_that_a_number_names_is_written_down(tree):
    reasons = set(read(NAME).inputs()["reason"].dropna())
    for reason in reasons:
        assert (
            reason.startswith("rule: ")
            or reason.split(" (")[0] in tree["rules"]
            or "UN ideal points" in reason
        )


def test_the_patch_of_2021_changes_what_it_says_and_no_more():
    before = read(NAME).inputs().set_index("path")["value"]
    after = read("great-power-competition-2021").inputs().set_index("path")["value"]
    changed = {p: after[p] for p in after.index if after[p] != before[p]}
    assert changed == {
        "parameters.friction": 2.0,
        f"powers.{US}.capability.cinc": 0.1333,
        f"powers.{CN}.capability.cinc": 0.2308,
        f"powers.{RU}.capability.cinc": 0.0365,
        f"powers.{US}.tremble": 0.0043,
        f"powers.{CN}.tremble": 0.0043,
        f"powers.{RU}.tremble": 0.0043,
    }


PLACES = {
    "United Kingdom": (51.507, -0.128), "Russia": (59.939, 30.316), "France": (48.857, 2.352),
    "Austria": (48.208, 16.372), "Prussia": (52.520, 13.405),
    "Poland": (52.230, 21.012), "Saxony": (51.050, 13.738), "Low Countries": (50.850, 4.352),
    "Northern Italy": (45.464, 9.190), "Straits": (41.008, 28.978),
}  # fmt: skip
CINC_1816 = {
    "United Kingdom": 0.3366,
    "Russia": 0.1643,
    "France": 0.1173,
    "Austria": 0.0861,
    "Prussia": 0.0522,
}


def haversine(a: tuple[float, float], b: tuple[float, float]) -> float:
    (p, q), (r, s) = (tuple(math.radians(x) for x in point) for point in (a, b))
    h = math.sin((r - p) / 2) ** 2 + math.cos(p) * math.cos(r) * math.sin((s - q) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


def test_1815_follows_its_rules():
    model = load("concert-of-europe-1815")
    total = sum(CINC_1816.values())
    assert {p.name: p.capability["cinc"] for p in model.powers} == CINC_1816
    for region in model.regions:
        km = {p: haversine(PLACES[region.name], PLACES[p]) for p in model.players}
        nearest = min(km, key=lambda p: km[p])
        assert model.maps["nearest power"][region.name] == nearest
        wanting = {nearest, model.maps["status quo"][region.name]}
        for power in model.players:
            assert region.distances[power] == pytest.approx(km[power], abs=1)
            assert region.stakes[power] == rounded(20 * 2 ** (-region.distances[power] / 1000))
            assert region.aims[power] == ("control" if power in wanting else "denial")
    for tie in model.ties:
        for me, other in (tie.between, tie.between[::-1]):
            assert tie.contesting[me] == tie.contested[me] == rounded(10 * CINC_1816[other] / total)
    hazard = 1 - math.prod(1 - p.tremble for p in model.powers)
    assert hazard == pytest.approx(1 / 39, abs=5e-4)
