"""Manifests: the same hash in every process, another one for whatever matters, and damage that is said."""

from __future__ import annotations

import json
import os
import sys

import pytest

from games.errors import OutputError
from solvers import uncertainty
from solvers.uncertainty._manifest import belongs, claim, fingerprint, labels, mark, read_manifest
from tests.solvers.uncertainty.worlds import small

pytest.importorskip("pyarrow")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return uncertainty.run(small(), 64, tmp_path_factory.mktemp("run"), chunk=64)


def test_the_fingerprint_is_the_same_in_every_process_and_differs_for_what_matters():
    import subprocess

    code = (
        "from tests.solvers.uncertainty.worlds import small; "
        "from solvers.uncertainty._manifest import fingerprint; print(fingerprint(small()))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    own = fingerprint(small())
    assert out.stdout.strip() == own
    assert fingerprint(small(title="another title")) == own
    assert fingerprint(small().with_parameters(externality=0.4)) != own
    assert fingerprint(small(pace=0.5)) != own
    assert fingerprint(small(), "swap") != own


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("draws", 0),
        ("draws", "many"),
        ("draws", None),
        ("chunk", 0),
        ("chunk", 1.5),
        ("seed", True),
        ("powers", "North"),
        ("regimes", ["concert"]),
        ("regimes", {"\x1b[31m": []}),
        ("scenario", "\x1b]8;;http://x\x07"),
        ("map", 3),
    ],
)
def test_a_damaged_manifest_is_refused(plain, tmp_path, key, value):
    manifest = json.loads((plain.folder / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert uncertainty.open_run(tmp_path).done == ()
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {key: value}))
    with pytest.raises(OutputError, match=f"the entry '{key}' is missing or damaged"):
        uncertainty.open_run(tmp_path)
    (tmp_path / "manifest.json").write_text("[" * 100_000)
    with pytest.raises(OutputError, match="cannot be read"):
        uncertainty.open_run(tmp_path)


def test_a_manifest_that_promises_too_much_costs_no_time(plain, tmp_path):
    manifest = json.loads((plain.folder / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"draws": 10**18, "chunk": 1}))
    found = uncertainty.open_run(tmp_path)
    assert (found.draws, found.complete) == (0, False)


def test_a_chunk_bears_the_mark_of_its_run_and_its_number(plain):
    own = mark(plain.manifest)
    assert own == mark(json.loads((plain.folder / "manifest.json").read_text()))
    assert own != mark({**plain.manifest, "seed": 1})
    assert belongs(labels(own, 3), own, 3)
    assert not belongs(labels(own, 3), own, 2)
    assert not belongs(labels(mark({}), 3), own, 3)
    assert not belongs(None, own, 3)
    assert not belongs({}, own, 3)


def test_the_mark_does_not_depend_on_the_order_of_entries(plain):
    turned = dict(reversed(plain.manifest.items()))
    assert list(turned) != list(plain.manifest)
    assert mark(turned) == mark(plain.manifest)
    assert len(mark(turned)) == len(fingerprint(small())) == 16


@pytest.mark.parametrize("text", ["[]", "3", "{}"])
def test_another_version_s_manifest_is_not_read(plain, tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(OutputError, match="not the manifest of a run that this version reads"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({**plain.manifest, "format": 1}))
    with pytest.raises(OutputError, match="not the manifest of a run that this version reads"):
        read_manifest(tmp_path)


def test_a_folder_belongs_to_one_run(plain, tmp_path):
    folder = tmp_path / "new" / "run"
    claim(folder, plain.manifest)
    claim(folder, plain.manifest)
    assert read_manifest(folder) == plain.manifest
    # Folders of earlier runs of this format are read.
    assert plain.manifest["format"] == 2
    with pytest.raises(OutputError, match="its seed is 0, this one's 7; choose another folder"):
        claim(folder, {**plain.manifest, "seed": 7})
    with pytest.raises(OutputError, match="its draws is 64, this one's 128"):
        claim(folder, {**plain.manifest, "draws": 128, "seed": 7})
    assert read_manifest(folder) == plain.manifest
    with pytest.raises(OutputError, match="holds no run"):
        read_manifest(tmp_path)


def test_chunks_without_a_manifest_are_left_alone(plain, tmp_path):
    (tmp_path / "chunk-00000.parquet").write_bytes(b"")
    with pytest.raises(OutputError, match=r"holds chunks without a manifest\.json"):
        claim(tmp_path, plain.manifest)
    assert not (tmp_path / "manifest.json").exists()
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        claim(tmp_path / "file", plain.manifest)
