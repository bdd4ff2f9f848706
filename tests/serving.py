"""A `kg serve` of its own for tests, and a graph with everything that a page may meet."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx
from invented import Fact, Story, crowd, graph_of, node, small_graph

from kg.model import Amount, Happening, PlacedDivision, Reprint, When
from kg.serialize.iri import DEFAULT_BASE
from kg.serialize.turtle import write_turtle
from kg.vocabulary import load_vocabulary

PATIENCE = 60
"""Seconds after which a server that neither starts nor stops has failed."""

SCRIPT = "</script><img src=x onerror=alert(1)>"
BACKWARDS = "\u202e司公限有光星\u202c"
ODD = "甲/乙 100%？"
HUB = "organization:青岚市科学技术局"
COMPANY = "organization:朗星机器人有限公司"
UNIVERSITY = "organization:云泽大学"
SIGNING = "signing:2031-05-06:朗星"
HOSTILE_SOURCE = "页面/<b> & 空 格.txt"


def hostile():
    """Return a graph whose names, titles and sentences try to be more than text."""
    nodes = [
        node("Organization", SCRIPT),
        node("Organization", BACKWARDS, f"{SCRIPT}别名"),
        node("Project", ODD),
    ]
    told = f"{SCRIPT}与{BACKWARDS}签约。"
    return graph_of(
        nodes,
        [
            Story(
                source=HOSTILE_SOURCE,
                title=f'</title>{SCRIPT}"\u200b\u202e',
                published="2031-01-02",
                facts=[
                    Fact(
                        subject=nodes[0].id, predicate="signsAgreementWith", object=nodes[1].id, sentence=told
                    ),
                    Fact(
                        subject=nodes[1].id,
                        predicate="carriesOut",
                        object=nodes[2].id,
                        sentence=f"{BACKWARDS}实施{ODD}。",
                    ),
                ],
            )
        ],
    )


def everything():
    """Return a graph with an occurrence, a division, a hub and hostile text; statements below 0.75 are doubtful."""
    graphs = [small_graph(), crowd(240, hubs=2), hostile()]
    whole = {
        name: tuple(item for graph in graphs for item in getattr(graph, name))
        for name in ("sources", "articles", "nodes", "edges")
    }
    signing = Happening(
        id=SIGNING,
        kind="Signing",
        roles={"party": (UNIVERSITY, COMPANY)},
        date=When(value="2031-05-06", text="5月6日"),
        place="place:青岚市",
        event="event:2031云泽机器人大会",
        amount=Amount(value="300000000", currency="CNY", text="3亿元"),
        subject="人形机器人联合研发协议",
    )
    edges = tuple(
        replace(e, occurrence=SIGNING) if e.predicate == "signsAgreementWith" and e.subject == COMPANY else e
        for e in whole["edges"]
    )
    province = PlacedDivision(id="place:云泽省", code="999900", name="云泽省")
    town = PlacedDivision(id="place:青岚市", code="999901", name="青岚市", within=province.id)
    nodes = tuple(
        replace(n, named_after=town.id) if n.name in ("青岚市人民政府", "青岚市科学技术局") else n
        for n in whole["nodes"]
    )
    return replace(
        small_graph(),
        sources=tuple(sorted(whole["sources"], key=lambda s: s.id)),
        articles=tuple(sorted(whole["articles"], key=lambda a: (a.source, a.index))),
        nodes=tuple(sorted(nodes, key=lambda n: n.id)),
        edges=tuple(sorted(edges, key=lambda e: e.id)),
        happenings=(signing,),
        divisions=(province, town),
        reprints=(Reprint(source="page-2.txt", article=0, original_source="page-3.txt", original_article=0),),
        min_confidence=0.75,
    )


def entities(graph):
    """Return the ids of all entities of a graph: its nodes, and the divisions that no article names."""
    return {item.id for item in (*graph.nodes, *graph.divisions)}


def write_folder(folder, graph, *, base_iri=DEFAULT_BASE):
    """Write what a server needs of a build."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "graph.ttl").write_bytes(write_turtle(graph, load_vocabulary(), base_iri=base_iri))
    settings = {"base_iri": base_iri, "min_confidence": graph.min_confidence}
    (folder / "manifest.json").write_text(json.dumps({"settings": settings}), encoding="utf-8")
    return folder


class Serving:
    """A running `kg serve`; `client` asks it. A context manager that leaves no process behind."""

    def __init__(self, folder, *words, **environment):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kg", "serve", str(folder), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONWARNINGS": "error", **environment},
            start_new_session=True,
        )
        try:
            self.url = self._address()
            self.client = httpx.Client(base_url=self.url, timeout=PATIENCE, trust_env=False)
        except BaseException:
            self.kill()
            raise

    def _address(self):
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ)
            ready.select(PATIENCE)
        address = self.process.stdout.readline().strip()
        if not address:
            raise AssertionError(self.process.communicate(timeout=PATIENCE)[1])
        return address

    @property
    def port(self):
        return httpx.URL(self.url).port

    def stop(self, sig=signal.SIGTERM):
        """Send a signal and return the exit code and what was said on standard error."""
        self.process.send_signal(sig)
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said

    def children(self):
        """Return the numbers of the processes that the server has started."""
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [int(word) for word in found.stdout.split()]

    def kill(self):
        """End the server and all that it started, whatever state they are in."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()
        self.kill()


def gone(pids):
    """Return whether all these processes have ended, or do so soon."""
    for _ in range(PATIENCE * 10):
        if not any(_alive(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    return state != "Z"
