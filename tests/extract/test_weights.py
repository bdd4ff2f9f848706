"""Weight files: the shipped ones are the recorded ones; a damaged one is a clear error."""

import hashlib
import io
import json
import zipfile

import numpy as np
import pytest

from kg.errors import ResourceError
from kg.extract.relations.calibration import load_calibration
from kg.extract.relations.ranker import load_ranker
from kg.extract.salience import load_salience
from kg.extract.tagger.tagger import load_tagger
from kg.resources import ROOT

WEIGHTS = ROOT / "weights"
SYMMETRIC = frozenset({"signsAgreementWith", "cooperatesWith"})
LOADERS = {
    "tagger.npz": load_tagger,
    "ranker.npz": lambda path: load_ranker(SYMMETRIC, path),
    "calibration.json": load_calibration,
    "salience.json": load_salience,
}


def test_the_shipped_weights_are_the_recorded_ones():
    """After a training: ``sha256sum *.json *.npz > SHA256SUMS`` in the folder of the weights."""
    lines = (WEIGHTS / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    recorded = {name: digest for digest, name in (line.split("  ") for line in lines)}
    there = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in WEIGHTS.iterdir()
        if path.suffix in {".json", ".npz"}
    }
    assert recorded == there


def test_no_clock_is_in_a_weight_file():
    for path in WEIGHTS.glob("*.npz"):
        with zipfile.ZipFile(path) as archive:
            assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


@pytest.mark.parametrize("name", LOADERS)
def test_a_missing_file_is_named(tmp_path, name):
    with pytest.raises(ResourceError, match=name):
        LOADERS[name](tmp_path / name)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.9])
@pytest.mark.parametrize("name", LOADERS)
def test_a_truncated_file_is_named(tmp_path, name, share):
    data = (WEIGHTS / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ResourceError, match=name):
        LOADERS[name](path)


@pytest.mark.parametrize("place", range(1, 10))
@pytest.mark.parametrize("name", ["tagger.npz", "ranker.npz"])
def test_a_damaged_file_is_named(tmp_path, name, place):
    """Wherever it is damaged, the checksums of the archive notice."""
    data = bytearray((WEIGHTS / name).read_bytes())
    at = len(data) * place // 10
    data[at : at + 64] = bytes(b ^ 0x5A for b in data[at : at + 64])
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ResourceError, match=name):
        LOADERS[name](path)


@pytest.mark.parametrize("name", ["tagger.npz", "ranker.npz"])
@pytest.mark.parametrize("content", [b"PK", b"\x93NUMPY", b"not a weight file\n"])
def test_another_kind_of_file_is_named(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ResourceError, match=name):
        LOADERS[name](path)


def changed(tmp_path, name, changes):
    """Write the shipped weight file with some arrays replaced (None: left out)."""
    with np.load(WEIGHTS / name) as file:
        arrays = {key: file[key] for key in file.files}
    for key, change in changes.items():
        if change is None:
            del arrays[key]
        else:
            arrays[key] = change(arrays[key])
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    path = tmp_path / name
    path.write_bytes(buffer.getvalue())
    return path


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("tagger.npz", {"transition": None}),
        ("tagger.npz", {"centroids3": None}),
        ("tagger.npz", {"transition": lambda a: a[1:]}),
        ("tagger.npz", {"labels": lambda a: a[:-1]}),
        ("tagger.npz", {"values": lambda a: a[:-1]}),
        ("tagger.npz", {"feature": lambda a: a + 10**6}),
        ("tagger.npz", {"label": lambda a: a + 100}),
        ("tagger.npz", {"ids": lambda a: a + (1 << 22)}),
        ("tagger.npz", {"centroids0": lambda a: a[:, 1:]}),
        ("ranker.npz", {"bias": None}),
        ("ranker.npz", {"bias": lambda a: a[1:]}),
        ("ranker.npz", {"types": lambda a: np.append(a, "hosts")}),
        ("ranker.npz", {"values": lambda a: a[1:]}),
        ("ranker.npz", {"feature": lambda a: a + 10**7}),
        ("ranker.npz", {"ids": lambda a: a + (1 << 22)}),
    ],
    ids=lambda value: value if isinstance(value, str) else ",".join(value),
)
def test_arrays_that_do_not_fit_each_other_are_named(tmp_path, name, changes):
    path = changed(tmp_path, name, changes)
    with pytest.raises(ResourceError, match=name):
        LOADERS[name](path)


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"features": ["prior"], "trees": [[{"value": 1.0}]]},
        {
            "bias": 0.0,
            "features": [],
            "trees": [[{"feature": "prior", "threshold": 0, "left": 1, "right": 2}]],
        },
        {
            "bias": 0.0,
            "features": ["prior"],
            "trees": [[{"feature": "prior", "threshold": 0, "left": 0, "right": 1}, {"value": 1.0}]],
        },
        {"bias": 0.0, "features": ["prior"], "trees": [[{"value": "x"}]]},
    ],
    ids=str,
)
def test_a_calibration_of_another_form_is_named(tmp_path, data):
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ResourceError, match=r"calibration\.json"):
        load_calibration(path)
