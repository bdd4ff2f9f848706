
/* ---- the graph: statements of a pair of nodes make one line ---- */

const PART = 200;             // statements that one request brings
const number = new Map();     // node id to its place
const lines = new Map();
const statementsOf = [];
const neighbours = [];
let kept = [];                // the statements that pass the filters
let ranked = [];              // all nodes, the best connected first

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

/* Puts back what kg/serialize/page_data.py left out of a bundle because it would be said thousands of times. */
function unpack(bundle) {
  for (const node of bundle.nodes) {
    node.id ??= `${data.types[node.type].name.toLowerCase()}:${node.name}`;
    node.label ??= node.name;
  }
  for (const statement of bundle.statements) {
    statement.modality ??= "stated";
    for (const support of statement.supports) {
      support.rule = bundle.rules[support.rule];
      support.confidence ??= statement.confidence;
      support.pieces = quotePieces(bundle.texts, support.quote);
    }
  }
}

function quotePieces(texts, [sentence, ...cuts]) {
  const found = [];
  let from = 0, kind = "";
  for (const cut of cuts) {
    if (typeof cut === "string") { kind = cut; continue; }
    found.push([texts[sentence].slice(from, from + cut), kind]);
    from += cut;
    kind = "";
  }
  return found;
}

unpack(data);

/* Builds the graph anew from the statements that pass the filters. */
function index() {
  for (let i = number.size; i < data.nodes.length; i += 1) {
    number.set(data.nodes[i].id, i);
    statementsOf.push([]);
    neighbours.push(new Set());
  }
  lines.clear();
  statementsOf.forEach((of) => { of.length = 0; });
  neighbours.forEach((of) => of.clear());
  survey();
  kept = passing();
  kept.forEach(enter);
  ranked = data.nodes.map((_, i) => i).sort((a, b) => degree(b) - degree(a) || a - b);
}

/* How many neighbours an entity has, those among them that the server has not sent. */
function degree(i) { return filtering() ? neighbours[i].size : Math.max(neighbours[i].size, data.nodes[i].degree || 0); }

/* ---- what the server adds ---- */

const places = { articles: new Map(), happenings: new Map(), statements: new Map() };
const asked = new Map();      // for a node, how many of its statements have come and whether there are more

async function fetchJson(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${path}`);
  return answer.json();
}

function placed(known, list, key, item) {
  if (!known.has(key)) known.set(key, list.push(item) - 1);
  return known.get(key);
}

const articleKey = (article) => `${article.index} ${article.source}`;

if (remote) {
  data.articles.forEach((article, i) => places.articles.set(articleKey(article), i));
  data.happenings.forEach((happening, i) => places.happenings.set(happening.id, i));
  data.statements.forEach((statement, i) => places.statements.set(statement.id, i));
}

/* Adds a bundle, whose parts name each other by their places in it; returns the places of its nodes here. */
function admit(bundle) {
  unpack(bundle);
  const nodes = bundle.nodes.map((node) => {
    if (!number.has(node.id)) {
      number.set(node.id, data.nodes.push(node) - 1);
      statementsOf.push([]);
      neighbours.push(new Set());
    }
    return number.get(node.id);
  });
  const articles = bundle.articles.map((article) => placed(places.articles, data.articles, articleKey(article), article));
  const to = (i) => i === undefined ? undefined : nodes[i];
  const happenings = bundle.happenings.map((happening) => placed(places.happenings, data.happenings, happening.id, {
    ...happening, place: to(happening.place), event: to(happening.event),
    roles: Object.fromEntries(Object.entries(happening.roles || {}).map(([role, ids]) => [role, ids.map(to)])),
  }));
  for (const statement of bundle.statements) {
    placed(places.statements, data.statements, statement.id, {
      ...statement, subject: nodes[statement.subject], object: nodes[statement.object],
      ...(statement.occurrence === undefined ? {} : { occurrence: happenings[statement.occurrence] }),
      supports: statement.supports.map((support) => support.article === undefined ? support : { ...support, article: articles[support.article] }),
    });
  }
  return nodes;
}

function tell(words) {
  byId("trouble").hidden = !words;
  byId("trouble").textContent = words;
}

/* Asks for the statements of an entity, the next part of them with `more`. */
async function load(id, more) {
  const known = asked.get(id) || { offset: 0, more: true };
  if (!known.more || (asked.has(id) && !more)) return;
  try {
    const bundle = await fetchJson(`explorer/neighbours?${new URLSearchParams({ id, offset: known.offset, limit: PART })}`);
    admit(bundle);
    asked.set(id, { offset: known.offset + bundle.statements.length, more: Boolean(bundle.more) });
    tell("");
    index();
  } catch (error) {
    tell(text("trouble", error.message));
  }
}

function unloaded(i) { return remote && (asked.get(data.nodes[i].id) || { more: true }).more; }

/* Asks for what an address names. */
async function summon(entity, other, goal) {
  if (entity) await load(entity, false);
  if (other && number.has(entity)) await load(other, false);
  if (goal && entity) {
    try {
      admit(await fetchJson(`explorer/path?${new URLSearchParams({ from: entity, to: goal })}`));
      index();
    } catch (error) {
      tell(text("trouble", error.message));
    }
  }
}
