
/* ---- the network: a part of the graph, laid out beforehand and grown by the reader ---- */

const EXPAND_LIMIT = 40;      // neighbours that one expansion adds at most, the best connected first
const LINE_LABELS = 40;       // up to so many lines all carry their label, otherwise those of the selected entity

const start = data.network.nodes.map((node) => node.id);
const positions = new Map(data.network.nodes.map((node) => [node.id, { x: node.x, y: node.y }]));
const hiddenTypes = new Set();
const expansions = new Map();
let shown = new Set(start);

const nodeSet = new vis.DataSet();
const lineSet = new vis.DataSet();
const network = new vis.Network(byId("network"), { nodes: nodeSet, edges: lineSet }, data.network.options);

function visible(i) {
  return shown.has(i) && !hiddenTypes.has(data.nodes[i].type) && (statementsOf[i].length > 0 || (selected !== null && selected.node === i));
}

function unseen(i) { return [...neighbours[i]].filter((other) => !shown.has(other)).length + Math.max(0, degree(i) - neighbours[i].size); }

function drawnNode(i) {
  const node = data.nodes[i], more = unseen(i), size = degree(i);
  return {
    id: i, group: data.types[node.type].name, label: node.label + (more ? ` +${more}` : ""), ...positions.get(i),
    size: Math.min(9 + Math.round(2.2 * Math.sqrt(size)), 24),     // as node_size and font_size in opening_network.py
    shape: data.types[node.type].shape,
    font: {
      size: Math.min(13 + Math.round(2.6 * Math.sqrt(size)), 28),
      color: colour("--ink"), strokeColor: colour("--ground"),
    },
  };
}

function drawnLine(key, labelled) {
  const { from, to, statements } = lines.get(key);
  const relations = statements.map((statement) => data.relations[statement.relation]);
  const names = [...new Set(relations.map((relation) => relation[language]))];
  const directed = statements.filter((_, k) => !relations[k].symmetric);
  return {
    id: key, from, to,
    arrows: {
      to: { enabled: directed.some((s) => s.subject === from), scaleFactor: 0.55 },
      from: { enabled: directed.some((s) => s.subject === to), scaleFactor: 0.55 },
    },
    dashes: statements.every((s) => s.modality !== "stated" || s.doubtful) ? [6, 5] : false,
    label: labelled ? names.slice(0, 3).join(language === "zh" ? "、" : ", ") + (names.length > 3 ? "…" : "") : "",
    color: { color: colour("--line"), highlight: colour("--link"), hover: colour("--link") },
    font: { color: colour("--soft"), strokeColor: colour("--ground"), strokeWidth: 4 },
  };
}

function synchronise(set, wanted) {
  const ids = new Set(wanted.map((item) => item.id));
  set.remove(set.getIds().filter((id) => !ids.has(id)));
  set.update(wanted);
}

function draw() {
  const nodes = [...shown].filter(visible);
  const keys = [];
  for (const i of nodes) for (const j of neighbours[i]) if (i < j && visible(j)) keys.push(lineKey(i, j));
  const all = keys.length <= LINE_LABELS;
  const way = new Set(trailKeys());
  const near = (key) => selected && lines.get(key) && (selected.node === lines.get(key).from || selected.node === lines.get(key).to || selected.line === key || way.has(key));
  synchronise(nodeSet, nodes.map(drawnNode));
  synchronise(lineSet, keys.map((key) => drawnLine(key, all || near(key))));
  if (selected && selected.line && !lines.has(selected.line)) selected = { node: selected.node };
  network.unselectAll();
  if (selected && selected.line && lineSet.get(selected.line)) network.setSelection({ nodes: [], edges: [selected.line] });
  else if (trail) network.setSelection({ nodes: trail.filter((i) => nodeSet.get(i)), edges: trailKeys().filter((key) => lineSet.get(key)) }, { highlightEdges: false });
  else if (selected && nodeSet.get(selected.node)) network.selectNodes([selected.node]);
  const whole = data.size || { nodes: data.nodes.length, statements: kept.length, articles: data.articles.length };
  byId("shown").textContent = text("shown", nodes.length, whole.nodes, whole.statements, whole.articles);
}

/* Places for nodes that the opening view leaves out: the nearest free spot on rings around their neighbour. On the first rings
   also one whose line does not run through another node. */
function freeSpot(centre) {
  const taken = [...shown].map((i) => positions.get(i)).filter(Boolean);
  for (let step = 0; ; step += 1) {
    const radius = 110 + 6 * step, angle = step * 2.399963;
    const spot = { x: Math.round(centre.x + 1.3 * radius * Math.cos(angle)), y: Math.round(centre.y + radius * Math.sin(angle)) };
    const close = (other) => Math.abs(other.x - spot.x) < 135 && Math.abs(other.y - spot.y) < 62;
    if (!taken.some((other) => close(other) || (step < 20 && onTheWay(centre, spot, other)))) return spot;
  }
}

function onTheWay(from, to, other) {
  const [x, y] = [to.x - from.x, to.y - from.y], length = Math.hypot(x, y);
  const along = ((other.x - from.x) * x + (other.y - from.y) * y) / length;
  const aside = Math.abs((other.x - from.x) * y - (other.y - from.y) * x) / length;
  return along > 1 && along < length && aside < 40;
}

function reveal(i, centre) {
  if (!positions.has(i)) positions.set(i, freeSpot(centre));
  shown.add(i);
}

/* Adds the neighbours of an entity that are not there yet; returns how many. */
function expand(i) {
  const added = [...neighbours[i]].filter((j) => !shown.has(j))
    .sort((a, b) => degree(b) - degree(a) || a - b).slice(0, EXPAND_LIMIT);
  added.forEach((j) => reveal(j, positions.get(i)));
  if (added.length) expansions.set(i, [...(expansions.get(i) || []), ...added]);
  return added.length;
}

function collapse(i) {
  for (const j of expansions.get(i) || []) {
    if (expansions.has(j)) collapse(j);
    shown.delete(j);
  }
  expansions.delete(i);
}

/* Expands what is known of an entity; if all of that is on the screen, the server is asked for more. */
async function unfold(i) {
  if (remote) await load(data.nodes[i].id, [...neighbours[i]].every((j) => shown.has(j)));
  expand(i);
  refresh();
  show([i, ...neighbours[i]].filter(visible));
}

function fold(i) {
  collapse(i);
  refresh();
}

function isolate(i) {
  shown = new Set([i]);
  expansions.clear();
  neighbours[i].forEach((j) => reveal(j, positions.get(i)));
  refresh();
  show([...shown]);
}

function bringIn(i) {
  if (!shown.has(i)) {
    const anchor = [...neighbours[i]].find((j) => shown.has(j));
    const edge = Math.max(0, ...[...shown].map((j) => positions.get(j).x)) + 300;
    reveal(i, anchor === undefined ? { x: edge, y: 0 } : positions.get(anchor));
    expand(i);
  }
  hiddenTypes.delete(data.nodes[i].type);
}

function show(nodes) {
  network.fit({ nodes, maxZoomLevel: 1.1, animation: false });
}

function alone(i) { return selected !== null && selected.node === i && !selected.line && selected.goal === undefined; }

/* Shows the neighbours of an entity, or hides those that were shown for it. */
function toggle(i) {
  if (expansions.has(i)) fold(i);
  else if (remote) unfold(i);
  else { expand(i); refresh(); }
}

/* The selected entity stands among its neighbours; a second click on it hides what the first has added. */
network.on("click", (event) => {
  const [i] = event.nodes;
  network.byClick = true;
  if (i !== undefined && alone(i)) toggle(i);
  else if (i !== undefined) go({ entity: data.nodes[i].id });
  else if (event.edges.length) {
    const line = lines.get(event.edges[0]);
    go({ entity: data.nodes[line.from].id, with: data.nodes[line.to].id });
  } else go({});
});
network.on("doubleClick", (event) => {
  if (!event.nodes.length) return;
  toggle(event.nodes[0]);       // the two clicks before have undone each other
});
network.on("dragEnd", (event) => event.nodes.forEach((i) => positions.set(i, network.getPosition(i))));
const board = byId("network").querySelector("[tabindex]");
board.setAttribute("role", "application");     // arrow keys and the like are the network's own
board.dataset.label = "network";
board.addEventListener("keydown", (event) => { if (event.key === "Enter" && selected && alone(selected.node)) toggle(selected.node); });
