"use strict";
/* The page of one graph. `data` is what kg/serialize/html.py wrote. Nodes and statements are named by their place in its lists.
   Text of articles reaches the page through text nodes only. What is selected stands in the URL fragment. */

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const EXPAND_LIMIT = 40;      // neighbours that one expansion adds at most, the best connected first
const LINE_LABELS = 40;       // up to so many lines all carry their label, otherwise those of the selected entity

/* ---- the graph: statements of a pair of nodes make one line ---- */

const number = new Map(data.nodes.map((node, i) => [node.id, i]));
const lines = new Map();
const statementsOf = data.nodes.map(() => []);
const neighbours = data.nodes.map(() => new Set());
let kept = [];                // the statements that pass the filters
let ranked = [];

function lineKey(a, b) { return a < b ? `${a}-${b}` : `${b}-${a}`; }

function enter(statement) {
  const { subject, object } = statement;
  statementsOf[subject].push(statement);
  if (object === subject) return;
  statementsOf[object].push(statement);
  neighbours[subject].add(object);
  neighbours[object].add(subject);
  const key = lineKey(subject, object);
  if (!lines.has(key)) lines.set(key, { from: subject, to: object, statements: [] });
  lines.get(key).statements.push(statement);
}

/* Builds the graph anew from the statements that pass the filters. */
function index() {
  lines.clear();
  statementsOf.forEach((of) => { of.length = 0; });
  neighbours.forEach((of) => of.clear());
  kept = data.statements.filter(passes);
  kept.forEach(enter);
  ranked = data.nodes.map((_, i) => i).sort((a, b) => neighbours[b].size - neighbours[a].size || a - b);
}

const haystack = data.nodes.map((node) => [node.name, ...(node.aliases || [])].join("\n").toLowerCase());

/* ---- what the reader sees now ---- */

const start = data.network.nodes.map((node) => node.id);
const positions = new Map(data.network.nodes.map((node) => [node.id, { x: node.x, y: node.y }]));
const hiddenTypes = new Set();
const expansions = new Map();
let shown = new Set(start);
let selected = null;
let language = (navigator.language || "en").toLowerCase().startsWith("zh") ? "zh" : "en";

function text(key, ...values) {
  const entry = data.interface[key];
  return (entry ? entry[language] : key).replace(/\{(\d)\}/g, (_, i) => values[Number(i)]);
}

/* Words of the ontology: qualifiers, kinds of organizations, modalities. */
function term(name) { return data.terms[name] ? data.terms[name][language] : name; }

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/* ---- the network ---- */

const nodeSet = new vis.DataSet();
const lineSet = new vis.DataSet();
const network = new vis.Network(byId("network"), { nodes: nodeSet, edges: lineSet }, data.network.options);

function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

function visible(i) {
  return shown.has(i) && !hiddenTypes.has(data.nodes[i].type) && (statementsOf[i].length > 0 || (selected !== null && selected.node === i));
}

function drawnNode(i) {
  const node = data.nodes[i];
  const more = [...neighbours[i]].filter((other) => !shown.has(other)).length;
  return {
    id: i, group: data.types[node.type].name, label: node.label + (more ? ` +${more}` : ""), ...positions.get(i),
    size: Math.min(9 + Math.round(2.2 * Math.sqrt(neighbours[i].size)), 24),     // as node_size and font_size in html.py
    shape: data.types[node.type].shape,
    font: {
      size: Math.min(13 + Math.round(2.6 * Math.sqrt(neighbours[i].size)), 28),
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
  const near = (key) => selected && lines.get(key) && (selected.node === lines.get(key).from || selected.node === lines.get(key).to || selected.line === key || trailKeys().includes(key));
  synchronise(nodeSet, nodes.map(drawnNode));
  synchronise(lineSet, keys.map((key) => drawnLine(key, all || near(key))));
  if (selected && selected.line && !lines.has(selected.line)) selected = { node: selected.node };
  network.unselectAll();
  if (selected && selected.line && lineSet.get(selected.line)) network.setSelection({ nodes: [], edges: [selected.line] });
  else if (trail) network.setSelection({ nodes: trail.filter((i) => nodeSet.get(i)), edges: trailKeys().filter((key) => lineSet.get(key)) }, { highlightEdges: false });
  else if (selected && nodeSet.get(selected.node)) network.selectNodes([selected.node]);
  byId("shown").textContent = text("shown", nodes.length, data.nodes.length, kept.length, data.articles.length);
}

/* Places for nodes that the opening view leaves out: the nearest free spot on rings around their neighbour. */
function freeSpot(centre) {
  const taken = [...shown].map((i) => positions.get(i)).filter(Boolean);
  for (let step = 0; ; step += 1) {
    const radius = 110 + 6 * step, angle = step * 2.399963;
    const spot = { x: Math.round(centre.x + 1.3 * radius * Math.cos(angle)), y: Math.round(centre.y + radius * Math.sin(angle)) };
    if (!taken.some((other) => Math.abs(other.x - spot.x) < 135 && Math.abs(other.y - spot.y) < 62)) return spot;
  }
}

function reveal(i, centre) {
  if (!positions.has(i)) positions.set(i, freeSpot(centre));
  shown.add(i);
}

function expand(i) {
  const added = [...neighbours[i]].filter((j) => !shown.has(j))
    .sort((a, b) => neighbours[b].size - neighbours[a].size || a - b).slice(0, EXPAND_LIMIT);
  added.forEach((j) => reveal(j, positions.get(i)));
  if (added.length) expansions.set(i, [...(expansions.get(i) || []), ...added]);
}

function collapse(i) {
  for (const j of expansions.get(i) || []) {
    if (expansions.has(j)) collapse(j);
    shown.delete(j);
  }
  expansions.delete(i);
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

/* ---- the panel ---- */

function mark(type) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const outlines = {
    square: "M2 2H14V14H2Z", dot: "M8 1.5A6.5 6.5 0 1 0 8 14.5A6.5 6.5 0 1 0 8 1.5Z", triangle: "M8 1.5L15 14H1Z",
    triangleDown: "M8 14.5L1 2H15Z", diamond: "M8 1L15 8L8 15L1 8Z", hexagon: "M4.5 2H11.5L15 8L11.5 14H4.5L1 8Z",
    star: "M8 1L10 6H15.3L11 9.3L12.6 14.6L8 11.4L3.4 14.6L5 9.3L.7 6H6Z",
  };
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", outlines[type.shape] || outlines.dot);
  path.setAttribute("fill", type.colour);
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return svg;
}

/* The fragment of a view: what is selected, then the filters. */
function address(fields) { return "#" + new URLSearchParams([...Object.entries(fields), ...filterFields(), ...tableFields()]).toString(); }

function entityLink(i) {
  return element("a", { href: address({ entity: data.nodes[i].id }) }, element("bdi", {}, data.nodes[i].name));
}

function listed(i) {
  return element("li", {}, mark(data.types[data.nodes[i].type]), " ", entityLink(i), element("span", { class: "soft" }, ` ${neighbours[i].size}`));
}

function fields(pairs) {
  const rows = pairs.filter(([, value]) => value && value.length)
    .flatMap(([name, value]) => [element("dt", {}, name in data.terms ? term(name) : text(name)), element("dd", {}, element("bdi", {}, Array.isArray(value) ? value.join("；") : value))]);
  return rows.length ? element("dl", {}, ...rows) : null;
}

function evidence(support, statement) {
  const article = support.article === undefined ? {} : data.articles[support.article];
  const quote = element("blockquote", { class: "text" }, ...support.pieces.map(([part, kind]) =>
    kind ? element("mark", { class: kind === "s" ? "subject" : "object" }, part) : part));
  const source = article.source || support.source || "";
  const own = Object.entries(support.qualifiers || {}).filter(([name, value]) => (statement.qualifiers || {})[name] !== value);
  return element("div", { class: "evidence" }, quote,
    element("div", { class: "soft" }, element("bdi", {}, article.title || text("untitled")),
      ...[article.date, article.publisher].filter(Boolean).flatMap((value) => [" · ", element("bdi", {}, value)])),
    own.length || support.attributed ? fields([...own, ["attributed", support.attributed || ""]]) : null,
    element("div", { class: "soft" }, `${text("confidence")} ${percent(support.confidence)} · ${text("rule")} `, element("bdi", {}, support.rule || "—"),
      ` · ${text("position")} `, element("bdi", {}, `${source}#char=${support.start},${support.end}`)));
}

function percent(share) { return `${Math.round(100 * share)}%`; }

function statementCard(statement, open) {
  const relation = data.relations[statement.relation];
  const summary = element("summary", {}, entityLink(statement.subject), " ",
    element("span", { class: "relation" }, relation.symmetric ? `— ${relation[language]} —` : `— ${relation[language]} →`), " ",
    entityLink(statement.object), " ",
    ...Object.values(statement.qualifiers || {}).flatMap((value) => [element("bdi", { class: "badge" }, value), " "]),
    statement.modality === "stated" ? null : element("span", { class: "badge" }, term(statement.modality)), " ",
    statement.doubtful ? element("span", { class: "badge" }, text("doubtful")) : null, " ",
    element("span", { class: "badge" }, percent(statement.confidence)));
  const card = element("details", { class: "statement" }, summary,
    element("div", {}, ...statement.supports.map((support) => evidence(support, statement)),
      element("div", { class: "actions" }, element("button", { type: "button", onclick: (event) => offer(event.target, statementTurtle(statement)) }, text("turtle")))));
  card.open = open;
  return card;
}

function grouped(statements) {
  const open = statements.length <= 6;
  const groups = new Map();
  for (const statement of statements) {
    if (!groups.has(statement.relation)) groups.set(statement.relation, []);
    groups.get(statement.relation).push(statement);
  }
  return [...groups].flatMap(([relation, members]) => [
    element("h3", {}, `${data.relations[relation][language]} (${members.length})`),
    ...members.map((statement) => statementCard(statement, open)),
  ]);
}

function entityPanel(i) {
  const node = data.nodes[i], type = data.types[node.type];
  const more = [...neighbours[i]].some((j) => !shown.has(j));
  const button = (key, action) => element("button", { type: "button", onclick: action }, text(key));
  return [
    element("h2", {}, element("bdi", {}, node.name)),
    element("p", { class: "soft" }, mark(type), ` ${type[language]}${node.subtype ? " · " + term(node.subtype) : ""} · ${text("neighbours", neighbours[i].size)}`),
    fields([["aliases", node.aliases], ["dates", node.dates], ["amounts", node.amounts]]),
    element("div", { class: "actions" },
      more ? button("expand", () => { expand(i); refresh(); show([i, ...neighbours[i]].filter(visible)); }) : null,
      expansions.has(i) ? button("collapse", () => { collapse(i); refresh(); }) : null,
      button("findPath", () => seekPath(i)),
      button("turtle", (event) => offer(event.target, entityTurtle(i))),
      button("focus", () => { shown = new Set([i]); expansions.clear(); neighbours[i].forEach((j) => reveal(j, positions.get(i))); refresh(); show([...shown]); })),
    ...grouped(statementsOf[i]),
  ];
}

function linePanel(key) {
  const line = lines.get(key);
  return [
    element("h2", {}, element("bdi", {}, data.nodes[line.from].name), " — ", element("bdi", {}, data.nodes[line.to].name)),
    ...grouped(line.statements),
  ];
}

function welcomePanel() {
  if (!data.nodes.length) return [element("p", {}, text("empty"))];
  return [
    element("p", {}, text("welcome")),
    element("h3", {}, text("best")),
    element("ul", { class: "list" }, ...ranked.filter((i) => neighbours[i].size).slice(0, 25).map(listed)),
  ];
}

function panel() {
  const content = !selected ? welcomePanel() : selected.line ? linePanel(selected.line) : selected.goal !== undefined ? pathPanel() : entityPanel(selected.node);
  byId("details").replaceChildren(...content.filter(Boolean));
}

function refresh() { draw(); legend(); panel(); filterPanel(); tableView(); }

/* ---- the URL fragment ---- */

function route() {
  const wanted = new URLSearchParams(location.hash.replace(/^#/, ""));
  readFilters(wanted);
  readTable(wanted);
  const node = number.get(wanted.get("entity"));
  const other = number.get(wanted.get("with"));
  const goal = number.get(wanted.get("path"));
  const before = selected;
  if (node === undefined) selected = null;
  else if (other !== undefined && lines.has(lineKey(node, other))) selected = { node, line: lineKey(node, other) };
  else if (goal !== undefined && goal !== node) selected = { node, goal };
  else selected = { node };
  const absent = selected && (!visible(node) || (selected.line && !visible(other)));
  if (absent) {
    bringIn(node);
    if (selected.line) bringIn(other);
    remember(true);
  }
  trace();
  refresh();
  byId("details").scrollTop = 0;
  if (trail) show(trail);
  else if (absent) show([node, ...neighbours[node]].filter(visible));
  else if (selected && !network.byClick) network.focus(node, { scale: Math.max(network.getScale(), 0.9), animation: false });
  else if (!selected && before && !network.byClick) network.fit({ animation: false });
  network.byClick = false;
}

function go(fields) {
  const target = address(fields);
  if (location.hash === target || (target === "#" && !location.hash)) route();
  else location.hash = target;
}

/* ---- search ---- */

const search = byId("search"), results = byId("results");
let found = [], active = -1;

function lookUp() {
  const query = search.value.trim().toLowerCase();
  found = !query ? [] : ranked.filter((i) => haystack[i].includes(query));
  const order = (i) => (haystack[i].split("\n")[0] === query ? 0 : haystack[i].startsWith(query) ? 1 : 2);
  found = found.sort((a, b) => order(a) - order(b)).slice(0, 30);
  active = found.length ? 0 : -1;
  results.replaceChildren(...found.map((i, place) => {
    const node = data.nodes[i];
    const alias = node.name.toLowerCase().includes(query) ? null : (node.aliases || []).find((name) => name.toLowerCase().includes(query));
    return element("li", { id: `result-${place}`, role: "option", onmousedown: (event) => { event.preventDefault(); choose(place); } },
      mark(data.types[node.type]), " ", element("bdi", {}, node.name), alias ? element("span", { class: "soft" }, " = ", element("bdi", {}, alias)) : null);
  }));
  if (query && !found.length) results.replaceChildren(element("li", { role: "option", "aria-disabled": "true" }, text("noResult")));
  opened(Boolean(query));
  point();
}

function opened(is) {
  results.hidden = !is;
  search.setAttribute("aria-expanded", String(is));
}

function point() {
  [...results.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === active)));
  if (active >= 0 && results.children[active]) {
    search.setAttribute("aria-activedescendant", `result-${active}`);
    results.children[active].scrollIntoView({ block: "nearest" });
  } else search.removeAttribute("aria-activedescendant");
}

function choose(place) {
  if (found[place] === undefined) return;
  opened(false);
  search.value = data.nodes[found[place]].name;
  const fields = { entity: data.nodes[found[place]].id };
  go(pathFrom === null ? fields : { entity: data.nodes[pathFrom].id, path: fields.entity });
  seekPath(null);
}

search.addEventListener("input", lookUp);
search.addEventListener("focus", () => { if (search.value) search.select(); });
search.addEventListener("blur", () => opened(false));
search.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && found.length) { active = (active + step + found.length) % found.length; point(); event.preventDefault(); }
  else if (event.key === "Enter") choose(active);
  else if (event.key === "Escape") { opened(false); seekPath(null); }
});

/* ---- legend, language, theme ---- */

function legend() {
  byId("legend").replaceChildren(...data.types.map((type, t) => element("button", {
    type: "button", "aria-pressed": String(!hiddenTypes.has(t)), "data-type": type.name,
    onclick: () => {
      if (!hiddenTypes.delete(t)) hiddenTypes.add(t);
      filtered();
      byId("legend").children[t].focus();
    },
  }, mark(type), `${type[language]} ${type.count}`)));
}

function translate() {
  document.documentElement.lang = language;
  document.title = text("title");
  for (const [attribute, target] of [["data-placeholder", "placeholder"], ["data-label", "aria-label"]])
    document.querySelectorAll(`[${attribute}]`).forEach((e) => e.setAttribute(target, text(e.getAttribute(attribute))));
  document.querySelectorAll("[data-text]").forEach((e) => { e.textContent = text(e.dataset.text); });
  seekPath(null);
  refresh();
}

byId("language").addEventListener("click", () => { language = language === "zh" ? "en" : "zh"; translate(); });
byId("fit").addEventListener("click", () => network.fit({ animation: false }));
byId("overview").addEventListener("click", () => {
  shown = new Set(start);
  expansions.clear();
  clearFilters();
  index();
  go({});
  network.fit({ animation: false });
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
window.addEventListener("hashchange", route);

network.on("click", (event) => {
  network.byClick = true;
  if (event.nodes.length) go({ entity: data.nodes[event.nodes[0]].id });
  else if (event.edges.length) {
    const line = lines.get(event.edges[0]);
    go({ entity: data.nodes[line.from].id, with: data.nodes[line.to].id });
  } else go({});
});
network.on("doubleClick", (event) => {
  if (!event.nodes.length) return;
  const i = event.nodes[0];
  if (expansions.has(i)) collapse(i); else expand(i);
  refresh();
});
network.on("dragEnd", (event) => event.nodes.forEach((i) => positions.set(i, network.getPosition(i))));
byId("network").querySelector("[tabindex]")?.setAttribute("aria-label", text("network"));
