"""Words that try to run something, to reach a network or to turn a page round, and a graph that is full of them."""

from dataclasses import replace

from invented import Fact, Story, graph_of, node

from kg.model import Amount, Happening, KnowledgeGraph, When

HOSTILE = {
    "markup": '</script><img src=x onerror="ran=1"><svg/onload=ran=1>\'"--><style>*{display:none}</style>&lt;b&gt;&#0;',
    "addresses": 'javascript:ran=1//"onmouseover=ran=1 http://x.invalid/#a=b&c=d?e %00%2e%2e/../{{7*7}}${ran=1}`',
    "overrides": "\u202eedirevo\u2067etalosi\u200fאבג",
    "way out": "\u2069\u2069\u202etuo\u202c\u2069\u202e",
    "invisible": "\u200b\u200d\ufeff\u2060\u00ad\u034f\u180e",
    "controls": "\x00\x01\x08\x0b\x1b[31m\x7f\x85\u2028\u2029",
    "formula": '=HYPERLINK("http://x.invalid","a"),\t;甲"乙',
    "combining": "ก็็็็็็็็็็็็็็็็็็็็😀👩‍🔬𠮷" + "\u0301" * 40,
}
FIRST, SECOND = "organization:甲", "organization:乙"


def hostile_graph(evil: str) -> KnowledgeGraph:
    """Return a graph that has `evil` in every text that can come from outside."""
    nodes = [
        node("Organization", f"甲{evil}所", f"甲别{evil}名", id_=FIRST, merged_because=(f"同名{evil}",)),
        node("Organization", f"乙{evil}局", id_=SECOND, corrected_by=(f"更正{evil}",), subtype="Company"),
        node("Event", f"丙{evil}会", dates=("2031-05-06",), id_="event:丙"),
        node("Place", f"丁{evil}市", id_="place:丁"),
        node("Project", f"戊{evil}项", amounts=(f"1{evil}元",), id_="project:戊"),
    ]
    told = {n.id: n.name for n in nodes}
    sentence = f"据说{told[FIRST]}与{told[SECOND]}签约{evil}。"
    meeting = f"{told['event:丙']}在{told['place:丁']}举行{evil}。"
    building = f"{told[SECOND]}建设{told['project:戊']}{evil}。"
    evil_qualifiers = {"agreement": f"协议{evil}书", "amount": f"3{evil}亿元"}
    graph = graph_of(
        nodes,
        [
            Story(
                source=f"源{evil}.txt",
                title=f"题{evil}目",
                published="2031-05-07",
                facts=[
                    Fact(
                        subject=FIRST,
                        predicate="signsAgreementWith",
                        object=SECOND,
                        sentence=sentence,
                        qualifiers=evil_qualifiers,
                        key={"date": "2031-05-06"},
                        attributed_to=f"某{evil}人",
                    ),
                    Fact(subject="event:丙", predicate="heldAt", object="place:丁", sentence=meeting),
                    Fact(
                        subject=FIRST,
                        predicate="hosts",
                        object="event:丙",
                        sentence=f"{told[FIRST]}办{told['event:丙']}",
                    ),
                    Fact(subject=SECOND, predicate="carriesOut", object="project:戊", sentence=building),
                ],
            )
        ],
    )
    happening = Happening(
        id="signing:1",
        kind="Signing",
        roles={"party": (FIRST, SECOND)},
        date=When(value="2031-05-06", text=f"六{evil}日"),
        amount=Amount(value="3", currency="CNY", text=f"3{evil}亿元"),
        place="place:丁",
        event="event:丙",
        subject=f"协议{evil}书",
    )
    return replace(
        graph,
        articles=tuple(replace(a, publisher=f"报{evil}社") for a in graph.articles),
        edges=tuple(
            replace(e, occurrence="signing:1") if e.predicate == "signsAgreementWith" else e
            for e in graph.edges
        ),
        happenings=(happening,),
    )


TURNED = """() => {
  // Words of the page itself, and what stands in one line, run from left to right whatever the article's words do.
  const found = [], own = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const foreign = (e) => e.closest("bdi, blockquote, script, style, textarea, option, optgroup, svg");
  const blocks = new Map();
  for (let node = own.nextNode(); node; node = own.nextNode()) {
    const parent = node.parentElement;
    if (foreign(parent) || !parent.checkVisibility({ visibilityProperty: true })) continue;
    let block = parent;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    for (let i = 0, depth = 0; i < node.length; i += 1) {
      if (/[\u2066-\u2068]/.test(node.data[i])) depth += 1;     // a name within a sentence of the page
      if (node.data[i] === "\u2069") depth -= 1;
      if (depth) continue;
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const box = range.getBoundingClientRect();
      if (!box.width || /[\\s\\p{Cf}]/u.test(node.data[i])) continue;
      const last = blocks.get(block);
      const behind = last && Math.abs(last.bottom - box.bottom) < 4 && box.left < last.left;
      if (behind) found.push(`turned round: ${node.data.trim()}`);
      blocks.set(block, { left: box.left, bottom: box.bottom });
    }
  }
  return [...new Set(found)];
}"""


def enclosed(value):
    """Return `value` as the page shows it: characters that end an isolate which nothing began are left out."""
    kept, depth = "", 0
    for character in value:
        if character in "\u2066\u2067\u2068":
            depth += 1
        elif character == "\u2069":
            if not depth:
                continue
            depth -= 1
        kept += character
    return kept + "\u2069" * depth
