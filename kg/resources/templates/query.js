
/* ---- the page: a question or a query of one's own, asked of the endpoint, and what it answers ---- */

const byId = (id) => document.getElementById(id);
const PAGE_ROWS = 500;
const LONGEST_ADDRESS = 8000;
const TYPES = {
  rows: { JSON: "application/sparql-results+json", CSV: "text/csv", TSV: "text/tab-separated-values", XML: "application/sparql-results+xml" },
  graph: { Turtle: "text/turtle", "N-Triples": "application/n-triples", "JSON-LD": "application/ld+json", "RDF/XML": "application/rdf+xml" },
};
const ENDINGS = { JSON: "srj", CSV: "csv", TSV: "tsv", XML: "srx", Turtle: "ttl", "N-Triples": "nt", "JSON-LD": "jsonld", "RDF/XML": "rdf" };

let running = null;      // the request that is on its way
let linking = new AbortController();
let answered = null;     // {sparql, question, kind, columns, rows, listed}: what the table shows
let bindings = 0;        // counts what is asked of /query/text, so that the last answer wins

/* ---- the question and its parameters ---- */

function chosen() {
  return data.questions[byId("question").value];
}

function showQuestion(values = {}) {
  const question = chosen();
  byId("description").textContent = question ? question.description : text("ownHint");
  byId("parameters").replaceChildren(...(question ? question.parameters.map((one) => field(one, values[one.name])) : []));
}

function field(one, value) {
  const id = "parameter-" + one.name;
  const word = data.words["parameter." + one.name] ?? one.name;
  if (one.switch) {
    const box = element("input", { type: "checkbox", id, name: one.name });
    box.checked = (value ?? one.default) === "true";
    return element("p", { class: "parameter switch" }, element("label", {}, box, element("span", {}, one.meaning)));
  }
  const input = element("input", {
    id, name: one.name, autocomplete: "off", spellcheck: "false", list: one.entity ? "names" : undefined,
    required: one.default === null ? "" : undefined, "aria-describedby": id + "-meaning",
  });
  input.value = value ?? one.default ?? "";
  if (one.entity) input.addEventListener("input", () => suggest(input));
  return element("p", { class: "parameter" },
    element("label", { for: id }, word, " ", element("span", { class: "needed" }, one.default === null ? text("needed") : "")),
    input, element("small", { id: id + "-meaning", class: "soft" }, one.meaning));
}

function given() {
  const values = {};
  for (const one of chosen()?.parameters ?? []) {
    const input = byId("parameter-" + one.name);
    values[one.name] = one.switch ? String(input.checked) : input.value.trim();
  }
  return values;
}

async function suggest(input) {
  const asked = input.value.trim();
  const hits = asked ? await hitsOf(asked, 12) : [];
  const options = hits.map((hit) => element("option", { value: hit.alias ?? hit.name }, hit.alias ? hit.name : ""));
  if (input.value.trim() === asked) byId("names").replaceChildren(...options);
}

async function hitsOf(name, limit) {
  try {
    const answer = await fetch("/api/search?" + new URLSearchParams({ q: name, limit }));
    return answer.ok ? (await answer.json()).hits : [];
  } catch {
    return [];  // names are a convenience
  }
}

/* Says which of the names that were given nothing in the graph has, and which come near. */
async function explainNothing() {
  const asked = answered;
  const values = given();
  for (const one of asked.question.parameters.filter((parameter) => parameter.entity && values[parameter.name])) {
    const name = values[one.name];
    const hits = await hitsOf(name, 6);
    if (answered !== asked) return;
    if (hits.some((hit) => hit.name === name || hit.alias === name)) continue;
    const links = hits.map((hit) => element("li", {}, element("a", {
      href: "#" + new URLSearchParams({ ...values, question: byId("question").value, [one.name]: hit.alias ?? hit.name }),
    }, element("bdi", {}, hit.alias ?? hit.name))));
    byId("unknown").append(element("p", {}, text("unknown", name), links.length ? " " + text("near") : ""), element("ul", {}, ...links));
  }
}

/* Puts the query of the question into the editor; returns whether it is complete. */
async function bind() {
  const question = byId("question").value;
  if (!question) return true;
  const mine = bindings += 1;
  const values = given();
  const missing = chosen().parameters.find((one) => one.default === null && !values[one.name]);
  const fields = new URLSearchParams({ ...values, question, lang: document.documentElement.lang.slice(0, 2) });
  const answer = await fetch("/query/text?" + fields);
  if (mine !== bindings) return false;
  const written = answer.ok ? await answer.text() : (await answer.json()).detail;
  if (mine !== bindings) return false;
  if (!answer.ok) {
    fail(text("bad"), written);
    return false;
  }
  byId("query").value = written;
  return !missing;
}

/* ---- asking ---- */

async function run(replace = false) {
  stop();
  const mine = running = new AbortController();
  clear();
  busy(true);
  try {
    if (!await bind()) {
      if (running === mine && !byId("error").hasChildNodes()) byId("status").textContent = text("fill");
      return;
    }
    remember(replace);
    const sparql = byId("query").value;
    if (!sparql.trim()) {
      byId("status").textContent = text("empty");
      byId("query").focus();
      return;
    }
    byId("status").textContent = text("asking");
    const answer = await ask(sparql, "application/sparql-results+json, application/n-triples", mine.signal);
    const body = await answer.text();
    if (running !== mine) return;
    if (!answer.ok) complain(answer.status, body);
    else if (answer.headers.get("content-type").startsWith("application/n-triples")) {
      show({ sparql, kind: "graph", columns: [text("subject"), text("predicate"), text("object")], rows: triplesOf(body) });
    } else showJson(sparql, JSON.parse(body));
  } catch (error) {
    if (running === mine && error.name !== "AbortError") fail(text("unreachable"), String(error.message ?? error));
  } finally {
    if (running === mine) {
      running = null;
      busy(false);
    }
  }
}

function ask(sparql, accept, signal) {
  return fetch("/sparql", { method: "POST", headers: { "Content-Type": "application/sparql-query", Accept: accept }, body: sparql, signal });
}

function stop() {
  if (!running) return;
  running.abort();
  running = null;
  busy(false);
  byId("status").textContent = text("stopped");
}

function busy(is) {
  byId("stop").disabled = !is;
  byId("answer").setAttribute("aria-busy", String(is));
}

function complain(status, body) {
  let detail = body;
  try {
    detail = JSON.parse(body).detail ?? body;
  } catch { /* words that are no JSON are words, too */ }
  fail(text({ 400: "bad", 413: "long", 503: "crowded", 504: "late", 507: "large" }[status] ?? "failed"), detail);
  const place = /error at (\d+):(\d+)/.exec(detail);
  if (status === 400 && place) point(Number(place[1]), Number(place[2]));
}

function fail(title, detail) {
  byId("status").textContent = "";
  byId("error").replaceChildren(element("p", {}, element("strong", {}, title)), element("p", { class: "detail", lang: "en" }, detail));
}

/* Sets the cursor where the parser stopped. */
function point(line, column) {
  const lines = byId("query").value.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const inside = [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  byId("query").setSelectionRange(before + inside, before + inside);
}

function clear() {
  linking.abort();
  linking = new AbortController();
  answered = null;
  byId("status").textContent = "";
  for (const id of ["error", "unknown", "result"]) byId(id).replaceChildren();
  byId("result").hidden = byId("more").hidden = byId("downloads").hidden = true;
}

/* ---- the answer ---- */

function showJson(sparql, found) {
  if (typeof found.boolean === "boolean") {
    show({ sparql, kind: "rows", columns: [], rows: [] });
    byId("status").textContent = text("truth");
    byId("result").replaceChildren(element("p", { class: "truth" }, text(found.boolean ? "yes" : "no")));
    byId("result").hidden = false;
    return;
  }
  const columns = found.head.vars;
  show({ sparql, kind: "rows", columns, rows: found.results.bindings.map((row) => columns.map((name) => row[name])) });
}

function show(result) {
  answered = { ...result, question: chosen(), listed: 0 };
  const count = result.rows.length;
  byId("status").textContent = text(result.kind === "graph" ? "triples" : count === 1 ? "row" : "rows", count);
  const head = element("tr", {}, ...result.columns.map(heading));
  byId("result").replaceChildren(element("table", {}, element("thead", {}, head), element("tbody")));
  byId("result").scrollTop = 0;
  byId("result").hidden = count === 0;
  const downloads = Object.keys(TYPES[result.kind]).map((name) => {
    const button = element("button", { type: "button" }, name);
    button.addEventListener("click", () => download(name));
    return button;
  });
  byId("downloads").replaceChildren(byId("downloads").firstElementChild, ...downloads);
  byId("downloads").hidden = false;
  list();
  if (count === 0 && answered.question) explainNothing();
  byId("answer").scrollIntoView({ block: "nearest" });
}

function heading(name) {
  const question = answered.question;
  const word = question && answered.kind === "rows" ? question.columns[name] ?? data.columns[name] : null;
  return element("th", { scope: "col", title: word ? "?" + name : undefined }, word ?? name);
}

function list() {
  const part = answered.rows.slice(answered.listed, answered.listed + PAGE_ROWS);
  const rows = part.map((row) => element("tr", {}, ...row.map((one) => cell(one, Boolean(answered.question)))));
  byId("result").querySelector("tbody").append(...rows);
  const names = rows.flatMap((row) => [...row.querySelectorAll("[data-name]")]);
  if (names.length) {
    linkNames(names, linking.signal).catch(() => {});  // names without links are names still
  }
  answered.listed += part.length;
  byId("more").hidden = answered.listed >= answered.rows.length;
  if (!byId("more").hidden) byId("more").textContent = text("more", answered.listed, answered.rows.length);
}

async function download(name) {
  const { sparql, kind } = answered;
  const answer = await ask(sparql, TYPES[kind][name]);
  if (!answer.ok) {
    complain(answer.status, await answer.text());
    return;
  }
  const address = URL.createObjectURL(await answer.blob());
  const link = element("a", { href: address, download: "answer." + ENDINGS[name] });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/* ---- the address: a question with its parameters, or a query ---- */

function state() {
  const question = byId("question").value;
  const fields = question
    ? { question, ...Object.fromEntries(Object.entries(given()).filter(([name, value]) =>
      value !== (chosen().parameters.find((one) => one.name === name).default ?? ""))) }
    : { query: byId("query").value };
  return "#" + new URLSearchParams(fields);
}

function remember(replace) {
  const wanted = state();
  if (wanted === location.hash || wanted.length > LONGEST_ADDRESS) return;
  if (replace) history.replaceState(null, "", wanted);
  else history.pushState(null, "", wanted);
}

function route() {
  const fields = new URLSearchParams(location.hash.slice(1));
  const question = fields.get("question") ?? "";
  byId("question").value = question in data.questions ? question : "";
  showQuestion(Object.fromEntries(fields));
  if (!byId("question").value) byId("query").value = fields.get("query") ?? "";
  if (byId("question").value || fields.get("query")) run(true);
  else clear();
}

/* ---- the page begins ---- */

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
byId("question").addEventListener("change", () => {
  stop();
  clear();
  showQuestion();
  bind();
});
byId("parameters").addEventListener("change", () => bind());
byId("query").addEventListener("input", () => {
  if (!byId("question").value) return;
  bindings += 1;
  byId("question").value = "";
  showQuestion();
});
byId("query").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
});
byId("stop").addEventListener("click", stop);
byId("more").addEventListener("click", list);
byId("language").addEventListener("click", (event) => {
  event.currentTarget.href = event.currentTarget.search + state();
});
window.addEventListener("popstate", route);

showQuestion();
route();
