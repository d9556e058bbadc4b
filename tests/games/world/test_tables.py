"""Folders of tables: what is read, and one line for each fault."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from games import world
from games.errors import ScenarioError

STATES = "epoch,code,name,cinc,gdp_share,share_note,gdp,population,capital,lat,lon,power,listed"
SOUND = {
    "states": [
        STATES,
        "1900,1,North,0.2,0.3,,10,20,Northtown,50,0,1,1",
        "1900,2,South,0.1,0.1,,5,10,Southport,30,0,1,1",
        "1900,3,Middle,0.01,0.01,,1,2,Midway,40,5,0,1",
    ],
    "relations": ["epoch,state,power,land,pact,rivalry,disputes", "1900,3,1,0,1,0,0", "1900,3,2,1,0,1,7"],
    "places": [
        "power,name,lat,lon,from,to,overland",
        "1,Northtown,50,0,1800,9999,1",
        "2,Southport,30,0,1800,9999,1",
    ],
    "claims": ["epoch,claimant,target,salience,entire,offshore,name,source", "1900,2,1,6,0,0,Border,hand"],
    "bonds": ["state,power,from,to,mode,source", "3,1,1890,1950,consent,a statute"],
    "pace": ["from,to,factor,source", "1800,1950,0.5,a march"],
    "powers": ["epoch,power,changes,years,growth", "1900,1,4,40,0.01"],
    "dyads": ["first,second,year,rivalry,disputes,war", "1,2,1900,1,3,0"],
}
BAD = json.loads((Path(__file__).parents[2] / "cases" / "bad_tables.json").read_text())["tables"]


def folder_of(path: Path, tables: dict[str, list[str]]) -> Path:
    path.mkdir(exist_ok=True)
    for name, lines in tables.items():
        (path / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return path


def test_a_folder_laid_out_like_the_shipped_ones_makes_a_world(tmp_path):
    folder = folder_of(tmp_path / "own", SOUND)
    assert world.faults(folder) == []
    model = world.build(1905, data=folder)
    assert model.players == ("North", "South")
    assert model.region_names == ("Middle", "North (claimed by South)")
    assert model.regions[0].bound == ("North",)
    assert model.regions[0].disputants == {"South"}
    assert model.half_distance == pytest.approx(1000)
    assert model.survival[0] == pytest.approx(0.9048, abs=1e-4)
    assert model.stage().shape == (2, 2)
    assert set(model.inputs().query("tag == 'observed'")["source"]) == {"tables in own"}


def test_three_tables_are_enough(tmp_path):
    folder = folder_of(tmp_path / "own", {k: SOUND[k] for k in ("states", "relations", "places")})
    model = world.build(1900, data=folder)
    assert model.region_names == ("Middle",)
    assert model.pace == 1.0
    assert model.observed == {}


def test_the_shipped_tables_are_sound_and_all_of_their_columns_have_a_source():
    tables = world.tables()
    assert world.faults(tables.folder) == []
    cited = " ".join(tables.sources["columns"])
    for name in (
        "states.cinc",
        "states.gdp_share",
        "relations.pact",
        "relations.rivalry",
        "claims.salience",
        "dyads.war",
    ):
        assert name in cited
    assert all({"title", "terms"} <= entry.keys() for entry in tables.sources["columns"].values())


def test_shipped_shares_add_up_to_at_most_the_world():
    tables = world.tables()
    for epoch in tables.epochs:
        rows = [r for r in tables.at("states", epoch) if r["listed"] and r["share_note"] != "part"]
        # The index averages over the components that are known, so its sum over all states reaches 1.06 in the source.
        assert sum(r["cinc"] for r in rows) < 1.06
        assert 0.5 < sum(r["gdp_share"] for r in rows) < 1.01


@pytest.mark.parametrize("case", BAD, ids=lambda c: c["name"])
def test_a_bad_table_gets_one_line_with_file_row_and_column(tmp_path, case):
    tables = {k: list(v) for k, v in SOUND.items()}
    if case.get("without"):
        del tables[case["without"]]
    for change in case.get("changes", []):
        lines = tables[change["table"]]
        if "row" in change and change["row"] < len(lines):
            lines[change["row"]] = change["line"]
        else:
            lines.append(change["line"])
    folder = folder_of(tmp_path / "own", tables)
    lines = world.faults(folder)
    assert any(case["expect"] in line for line in lines), lines
    assert all(line.isprintable() for line in lines)
    with pytest.raises(ScenarioError) as caught:
        world.build(1900, data=folder)
    assert "\n" not in str(caught.value)


def test_every_fault_is_listed(tmp_path):
    tables = {k: list(v) for k, v in SOUND.items()}
    tables["states"][1] = tables["states"][1].replace("0.2", "much").replace(",50,", ",95,")
    tables["claims"][1] = tables["claims"][1].replace(",6,", ",13,")
    folder = folder_of(tmp_path / "own", tables)
    lines = world.faults(folder)
    assert len(lines) == 3
    assert "states.csv, row 2, column cinc: 'much' is not a number" in lines[0]
    with pytest.raises(ScenarioError, match=r"\(and 2 more\)"):
        world.build(1900, data=folder)


def test_files_that_are_no_tables(tmp_path):
    folder = folder_of(tmp_path / "own", SOUND)
    (folder / "states.csv").write_bytes(b"\xff\xfe\x00")
    assert "not a text file in UTF-8" in world.faults(folder)[0]
    (folder / "states.csv").write_text('a,"b\n')
    assert "cannot be read" in world.faults(folder)[0]
    (folder / "states.csv").write_text("")
    assert "this table is empty" in world.faults(folder)[0]
    assert world.faults(tmp_path / "nowhere") == [
        f"there is no folder of tables {str(tmp_path / 'nowhere')!r}"
    ]


def test_a_spreadsheets_byte_order_mark_and_spaces_do_no_harm(tmp_path):
    folder = folder_of(tmp_path / "own", SOUND)
    text = (folder / "states.csv").read_text()
    (folder / "states.csv").write_text("\ufeff" + text.replace("0.2,0.3", " 0.2 , 0.3 "))
    assert world.faults(folder) == []


def test_an_epoch_is_added_as_data(tmp_path):
    folder = tmp_path / "own"
    shutil.copytree(world.tables().folder, folder)
    for name in ("states", "relations", "claims", "powers"):
        with (folder / f"{name}.csv").open() as handle:
            rows = [row for row in csv.reader(handle) if row[0] in ("epoch", "2021")]
        with (folder / f"{name}.csv").open("a", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerows([["2030", *row[1:]] for row in rows[1:]])
    assert world.epochs(folder)[-1] == 2030
    one, other = (world.build(2030, ["2", "710"], data=d) for d in (folder, None))
    assert one.description != other.description
    assert one.stage().payoffs == pytest.approx(other.stage().payoffs)
