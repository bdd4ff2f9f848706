"""``kg build --formats``: what is asked for is there and described, what is no longer asked for is gone."""

import json

ALWAYS = {"graph.ttl", "derived.ttl", "graph.html", "statements.jsonl", "report.md"}


def outputs(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return set(manifest["outputs"])


def there(folder):
    return {path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")}


def test_turtle_alone_unless_asked(kg, article, tmp_path):
    done = kg("build", article, "-o", "out", "--workers", 1)
    assert done.returncode == 0, done.stderr.decode()
    files = there(tmp_path / "out")
    assert files >= ALWAYS
    assert not {"graph.trig", "graph.nt", "graph.jsonld", "graph.graphml", "nodes.csv"} & files
    assert outputs(tmp_path / "out") == files - {"manifest.json"}


def test_formats_are_written_and_a_later_build_leaves_none_stale(kg, article, tmp_path):
    from kg.outputs import discrepancies

    out = tmp_path / "out"
    (out / "mine").mkdir(parents=True)
    (out / "nodes.txt").write_text("not of kg", encoding="utf-8")
    done = kg("build", article, "-o", "out", "--workers", 1, "--formats", "trig,nt,jsonld,graphml,csv")
    assert done.returncode == 0, done.stderr.decode()
    asked = {"graph.trig", "graph.nt", "graph.jsonld", "context.jsonld", "graph.graphml"}
    tables = {"nodes.csv", "relationships.csv"}
    assert there(out) >= ALWAYS | asked | tables
    assert outputs(out) == there(out) - {"manifest.json", "nodes.txt"}
    done = kg("build", article, "-o", "out", "--workers", 1, "--formats", "csv")
    assert done.returncode == 0, done.stderr.decode()
    assert there(out) >= ALWAYS | tables | {"nodes.txt"}
    assert not there(out) & asked
    assert outputs(out) == there(out) - {"manifest.json", "nodes.txt"}
    assert discrepancies(out) == ()
    assert (out / "mine").is_dir()


def test_a_build_that_fails_removes_no_format(kg, article, tmp_path):
    kg("build", article, "-o", "out", "--workers", 1, "--formats", "nt")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}
    (tmp_path / "empty.txt").write_bytes(b"")
    assert kg("build", "empty.txt", "-o", "out").returncode == 6
    after = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}
    assert after == before


def test_an_unknown_format_is_a_usage_error_and_nothing_is_built(kg, article, tmp_path):
    done = kg("build", article, "-o", "out", "--formats", "ttl,rdfxml")
    assert done.returncode == 2
    assert (
        "unknown format 'rdfxml'; known formats are ttl, trig, nt, jsonld, graphml, csv"
        in done.stderr.decode()
    )
    assert not (tmp_path / "out").exists()
