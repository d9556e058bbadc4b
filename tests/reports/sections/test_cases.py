from __future__ import annotations

import dataclasses

from games.words import listed
from reports.document import Table
from reports.sections import cases as sections


def _note(result):
    table = next(
        b
        for b in sections.indices(result).blocks
        if isinstance(b, Table) and b.caption == "Would it hold, by variant"
    )
    return " ".join(table.notes)


def _searched(standing, base, own):
    return dataclasses.replace(
        standing,
        equilibria=dataclasses.replace(standing.equilibria, complete=base),
        reversion=dataclasses.replace(standing.reversion, complete=own),
    )


def test_an_incomplete_search_is_named_under_its_case(comparison):
    names = list(comparison.by_variant)
    # Incomplete on the status quo map, and on the deal's own map.
    for incomplete in ([], names[1:2], names[2:4]):
        standings = {
            name: _searched(s, name not in incomplete, name not in incomplete[1:])
            for name, s in comparison.by_variant.items()
        }
        note = _note(dataclasses.replace(comparison, by_variant=standings))
        if incomplete:
            quoted = listed([f"'{name}'" for name in incomplete])
            assert note.startswith(f"The search for equilibria was not complete under {quoted}:")
        else:
            assert note == ""
    only_own = {name: _searched(s, True, name != names[1]) for name, s in comparison.by_variant.items()}
    assert f"under '{names[1]}':" in _note(dataclasses.replace(comparison, by_variant=only_own))
