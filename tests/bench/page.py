"""The explorer in headless Chromium beside a plain pyvis page of the same graph, one run: ``python tests/bench/page.py``.

The first graph is that of OUT, a folder that `kg build` wrote from `seeds/`; without it one is built in a temporary folder.
The second is invented: 20,000 entities and 40,000 statements with their sentences. The pyvis page holds the same nodes,
lines, labels and sentences, in pyvis's own settings. Chromium renders in software. Every page is opened in a browser of its
own, `--rounds` times, and the fastest round counts; a page that shows nothing after `--limit` seconds counts as "more than"
so many.

Prints JSON: what was measured, the budgets, the ratios to pyvis.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from invented_news import invented_news

TESTS: Final = Path(__file__).resolve().parent.parent
WORDS: Final = (
    "青",
    "科",
    "青岚",
    "机器",
    "研究",
    "新材料",
    "研究院",
    "职业技",
    "有限公司",
    "数字科技",
    "无此名称",
)
"""What is typed into the search box: Chinese words of one to four characters, most of them in thousands of names."""

BUDGETS: Final = {
    "seeds.view_s": 1.0,
    "seeds.megabytes": 1.5,
    "large.view_s": 3.0,
    "large.megabytes": 25.0,
    "large.search_worst_ms": 100.0,
    "large.pan_fps": -30.0,  # negative: at least so many
    "large.map_fps": -30.0,
}

_FIRST_PAINT: Final = """
(() => {
  // The first text or shape drawn on a canvas, then the end of the frame that shows it.
  const seen = window.measured = { drawn: null, shown: null };
  const covered = () => {
    const bar = document.getElementById("loadingBar");     // of pyvis, while it lays out
    return bar && bar.style.display !== "none" && getComputedStyle(bar).opacity !== "0";
  };
  const after = () => requestAnimationFrame(() => {
    if (covered()) return after();
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { seen.shown = performance.now(); };
    channel.port2.postMessage(0);
  });
  for (const name of ["fill", "fillText"]) {
    const original = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...given) {
      if (seen.drawn === null) { seen.drawn = performance.now(); after(); }
      return original.apply(this, given);
    };
  }
})();
"""
_WATCH_SEARCH: Final = """
() => {
  window.keystrokes = [];
  document.getElementById("search").addEventListener("input", () => {
    const start = performance.now();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => keystrokes.push(performance.now() - start);
      channel.port2.postMessage(0);
    });
  }, { capture: true });
}
"""
_SHOW_300: Final = """
() => {
  for (const i of shown) { if (shown.size >= 300) break; expand(i); }     // grows while it is walked through
  shown = new Set([...shown].slice(0, 300));
  refresh();
  network.fit({ animation: false });
  return nodeSet.length;
}
"""
_SHOWN: Final = """
(id) => new Promise((done) => {
  const start = performance.now();
  document.getElementById(id).click();
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now() - start);
    channel.port2.postMessage(0);
  });
})
"""
_DRAG: Final = """
([seconds, selector]) => new Promise((done) => {
  // A pointer dragged over a canvas, one step in every frame; the times at which it was drawn.
  const canvas = document.querySelector(selector), box = canvas.getBoundingClientRect(), drawn = [];
  const x = box.right - 40, y = box.top + 40;
  const send = (type, step) => canvas.dispatchEvent(new PointerEvent(type, {
    pointerId: 1, pointerType: "mouse", isPrimary: true, bubbles: true, button: 0, buttons: 1,
    clientX: x - 3 * (step % 60), clientY: y + 2 * (step % 60),
  }));
  const overview = selector.startsWith("#map");
  if (!overview) network.on("afterDrawing", () => drawn.push(performance.now()));
  send("pointerdown", 0);
  const end = performance.now() + 1000 * seconds;
  let step = 0;
  const next = () => {
    send("pointermove", step += 1);
    if (overview) drawn.push(performance.now());     // draws in the same frame
    if (performance.now() < end) return requestAnimationFrame(next);
    send("pointerup", step);
    done(drawn);
  };
  requestAnimationFrame(next);
})
"""


# ---------------------------------------------------------------- what one child process does


def write(folder: Path) -> dict[str, Any]:
    """Write the page of the invented graph; return seconds and megabytes."""
    from kg.serialize.html import write_html
    from kg.vocabulary import load_vocabulary

    graph, vocabulary = invented_news(), load_vocabulary()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    page = write_html(graph, vocabulary)
    seconds = time.perf_counter() - start
    (folder / "large.html").write_bytes(page)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "write_s": round(seconds, 2),
        "graph_alone_mb": before // 1024,
        "peak_mb": peak // 1024,
    }


def plain(page: Path, target: Path) -> dict[str, Any]:
    """Write the graph of our `page` as pyvis does it."""
    from pyvis.network import Network

    found = re.search(
        r'<script type="application/json" id="data">(.*?)</script>', page.read_text(encoding="utf-8")
    )
    assert found, f"{page} is not a page of kg build"
    data = json.loads(found[1])
    start = time.perf_counter()
    network = Network(directed=True, cdn_resources="in_line", height="800px", width="100%")
    for i, node in enumerate(data["nodes"]):
        network.add_node(i, label=node["name"], group=data["types"][node["type"]]["name"])
    for statement in data["statements"]:
        if not statement.get("doubtful"):
            sentence = data["texts"][statement["supports"][0]["quote"][0]]
            relation = data["relations"][statement["relation"]]["zh"]
            network.add_edge(statement["subject"], statement["object"], label=relation, title=sentence)
    target.write_text(network.generate_html(), encoding="utf-8")
    return {"write_s": round(time.perf_counter() - start, 2)}


def view(page: Path, *, ours: bool) -> dict[str, Any]:
    """Open `page` in a browser of its own and measure what a reader waits for."""
    sys.path.insert(0, str(TESTS / "browser"))
    from conftest import find_chromium
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        tab = chromium.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        tab.route(re.compile("^https?:"), lambda route: route.abort())
        tab.add_init_script(_FIRST_PAINT)
        tab.goto(page.as_uri(), wait_until="commit", timeout=0)
        _wait(tab, "measured.shown !== null", seconds=3600)
        figures = {"view_s": round(tab.evaluate("measured.shown") / 1000, 3)}
        if ours:
            figures |= _search(tab)
            figures["pan_nodes"] = tab.evaluate(_SHOW_300)
        figures["pan_fps"] = _pan(tab, "canvas")
        if ours:
            figures["views_ms"] = {name: _opened(tab, name) for name in ("map", "timeline", "table")}
            tab.click("#as-map")
            _wait(tab, "document.querySelector('#map canvas') !== null", seconds=20)
            figures["map_fps"] = _pan(tab, "#map canvas")
        chromium.close()
    return figures


def _wait(tab: Any, expression: str, *, seconds: float) -> None:
    """Wait until `expression` is true; the policy of the page forbids Playwright's own way of asking."""
    end = time.perf_counter() + seconds
    while not tab.evaluate(expression):
        if time.perf_counter() > end:
            raise TimeoutError(expression)
        time.sleep(0.02)


def _search(tab: Any) -> dict[str, Any]:
    """Type every word as a reader does, one character more with every keystroke."""
    tab.evaluate(_WATCH_SEARCH)
    times: list[float] = []
    for word in WORDS:
        tab.evaluate(
            "document.getElementById('search').value = ''; document.getElementById('search').focus()"
        )
        for character in word:
            tab.keyboard.insert_text(character)
            _wait(tab, "keystrokes.length > 0", seconds=20)
            times += tab.evaluate("keystrokes.splice(0)")
    tab.fill("#search", "")
    return {
        "search_first_ms": round(times[0], 1),
        "search_median_ms": round(statistics.median(times), 1),
        "search_worst_ms": round(max(times), 1),
    }


def _opened(tab: Any, name: str) -> float:
    """Return the milliseconds from the click on the button of a view to the frame that shows it."""
    return round(tab.evaluate(_SHOWN, f"as-{name}"), 1)


def _pan(tab: Any, selector: str) -> float:
    """Return how often the canvas was drawn in a second while it was dragged."""
    times = tab.evaluate(_DRAG, [4, selector])
    return round((len(times) - 1) * 1000 / (times[-1] - times[0]), 1) if len(times) > 1 else 0.0


# ---------------------------------------------------------------- the whole run


def child(*arguments: str, limit: float) -> dict[str, Any]:
    """Run a part of this program in a process group of its own, which ends with it; empty when it took too long."""
    command = [sys.executable, str(Path(__file__)), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            out, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return {}
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    figures: dict[str, Any] = json.loads(out)
    return figures


def best(page: Path, *, ours: bool, rounds: int, limit: float) -> dict[str, Any]:
    """Return the figures of the fastest of `rounds` openings."""
    found = []
    for _ in range(rounds):
        figures = child("--view", str(page), *(["--ours"] if ours else []), limit=limit)
        if not figures:
            return {"view_s": f"more than {limit:.0f}"}
        found.append(figures)
    fastest = min(found, key=lambda figures: figures["view_s"])
    return {**fastest, "view_all_s": [figures["view_s"] for figures in found]}


def main(out: Path | None, *, rounds: int, limit: float) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if out is None:
            out = folder / "out"
            command = [sys.executable, "-m", "kg", "build", str(TESTS.parent / "seeds"), "-o", str(out)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        written = child("--write", name, limit=600)
        figures: dict[str, Any] = {}
        for graph, page in (("seeds", out / "graph.html"), ("large", folder / "large.html")):
            theirs = folder / f"{graph}.pyvis.html"
            made = child("--plain", str(page), "--target", str(theirs), limit=limit)
            ours = best(page, ours=True, rounds=rounds, limit=limit)
            figures[graph] = {
                **ours,
                "megabytes": round(page.stat().st_size / 1e6, 2),
                **(written if graph == "large" else {}),
            }
            figures[f"{graph}.pyvis"] = (
                {
                    **made,
                    **best(theirs, ours=False, rounds=1, limit=limit),
                    "megabytes": round(theirs.stat().st_size / 1e6, 2),
                }
                if made
                else {"write_s": f"more than {limit:.0f}"}
            )
            print(json.dumps(figures), file=sys.stderr, flush=True)  # noqa: T201
    figures["budgets"] = {name: _kept(figures, name, budget) for name, budget in BUDGETS.items()}
    figures["pyvis_view_ratio"] = {
        graph: _ratio(figures[f"{graph}.pyvis"].get("view_s"), figures[graph]["view_s"], limit)
        for graph in ("seeds", "large")
    }
    json.dump(figures, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _kept(figures: dict[str, Any], name: str, budget: float) -> str:
    graph, _, figure = name.partition(".")
    value = figures[graph][figure]
    if isinstance(value, str):
        return f"missed: {value}"
    kept = value >= -budget if budget < 0 else value <= budget
    return f"{'kept' if kept else 'missed'}: {value} {'of at least' if budget < 0 else 'of at most'} {abs(budget):g}"


def _ratio(theirs: Any, ours: Any, limit: float) -> str:
    if isinstance(ours, str):
        return "-"
    return f"{theirs / ours:.1f}" if isinstance(theirs, float) else f"more than {limit / ours:.0f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("out", nargs="?", type=Path, metavar="OUT")
    parser.add_argument("--rounds", type=int, default=3, help="how often each of our pages is opened")
    parser.add_argument("--limit", type=float, default=120, metavar="SECONDS", help="longest time for a page")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--plain", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--target", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--view", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--ours", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.write:
        json.dump(write(args.write), sys.stdout)
    elif args.plain:
        json.dump(plain(args.plain, args.target), sys.stdout)
    elif args.view:
        json.dump(view(args.view, ours=args.ours), sys.stdout)
    else:
        main(args.out, rounds=args.rounds, limit=args.limit)
