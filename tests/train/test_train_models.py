"""Training on a dozen articles: what it writes, that it writes it twice alike, and that it can be used."""

import hashlib
import json
import os
import subprocess
import sys

import pytest
from annotated import write_articles

WEIGHTS = ("tagger.npz", "ranker.npz", "calibration.json", "salience.json")
NEWS = """星河理工大学与长汀电子集团签约

5月20日，星河理工大学与长汀电子集团在南溪市签署合作协议。星河理工大学校长陆晚亭、长汀电子集团董事长林望舒出席签约仪式。
"""


def train(folder, *words, seed="0"):
    # the seed of str hashes differs from run to run, as it does for users
    return subprocess.run(
        [sys.executable, "-m", "kg.train", *map(str, words)],
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONHASHSEED": seed},
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("training")
    write_articles(folder / "data")
    return folder


@pytest.fixture(scope="module")
def trained(data):
    """Return the folder of resources whose weights were trained on the articles."""
    done = train(data, "models", "data", "--out", "my/weights", "--iterations", "25")
    assert done.returncode == 0, done.stderr
    assert "precision 0.85 from confidence" in done.stderr
    return data / "my"


def test_the_models_are_written_and_twice_the_same(data, trained):
    done = train(data, "models", "data", "--out", "again", "--iterations", "25", seed="7")
    assert done.returncode == 0, done.stderr

    def digests(folder):
        return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in WEIGHTS}

    assert digests(data / "again") == digests(trained / "weights")


def test_the_models_extract_from_an_article_that_they_did_not_see(trained):
    from kg.extract.relations.calibration import load_calibration
    from kg.extract.relations.ranker import load_ranker
    from kg.extract.tagger.tagger import load_tagger

    weights = trained / "weights"
    tagger = load_tagger(weights / "tagger.npz")
    assert {label[2:] for label in tagger.field.labels} == {"", "Organization", "Person", "Place"}
    ranker = load_ranker(frozenset({"signsAgreementWith"}), weights / "ranker.npz")
    assert {relation for relation, _ in ranker.outputs} == {"holdsPosition", "signsAgreementWith"}
    judged = {"probability": 0.99, "prior": 0.97, "relation holdsPosition": 1.0}
    assert load_calibration(weights / "calibration.json").confidences([judged])[0] > 0.5

    (trained.parent / "news.txt").write_text(NEWS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "kg", "extract", "news.txt", "--resources", "my"],
        cwd=trained.parent,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    found = json.loads(done.stdout)
    names = {e["id"]: e["name"] for e in found["entities"]}
    facts = {(names[s["subject"]], s["predicate"], names[s["object"]]) for s in found["statements"]}
    assert facts == {
        ("星河理工大学", "signsAgreementWith", "长汀电子集团"),
        ("陆晚亭", "holdsPosition", "星河理工大学"),
        ("林望舒", "holdsPosition", "长汀电子集团"),
    }


def test_the_ranker_can_be_trained_again_from_kept_mentions(data, trained):
    kept = trained / "weights" / "crossed.jsonl"
    folder = data / "ranker"
    folder.mkdir()
    (folder / "tagger.npz").write_bytes((trained / "weights" / "tagger.npz").read_bytes())
    done = train(data, "models", "data", "--out", "ranker", "--mentions", kept)
    assert done.returncode == 0, done.stderr
    assert (folder / "ranker.npz").read_bytes() == (trained / "weights" / "ranker.npz").read_bytes()


def test_weights_for_joining_names_are_learnt_and_written_as_a_lexicon(data):
    done = train(data, "resolver", "data", "--out", "name_links.tsv")
    assert done.returncode == 0, done.stderr
    text = (data / "name_links.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    assert rows == sorted(rows)
    assert rows
    assert all(abs(float(weight)) < 20 for _, weight in rows)


def test_a_folder_without_annotation_is_a_usage_error(data):
    done = train(data, "models", "nothing", "--out", "out")
    assert done.returncode == 2
    assert "gold/NAME.json" in done.stderr
    assert not (data / "out").exists()
