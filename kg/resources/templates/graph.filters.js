
/* ---- filters: which statements the page shows. They stand in the URL fragment beside what is selected. ---- */

const DATE = /^\d{4}(-\d{2}){0,2}$/;
const CHOICES = ["relation", "modality"];
const usual = Math.round(100 * data.threshold);
const valueOf = {
  relation: (statement) => data.relations[statement.relation].name,
  modality: (statement) => statement.modality,
};

/* What can be chosen. It grows with what a server sends. */
const offered = { relation: data.relations.map((relation) => relation.name), modality: [] };
let sources = [], lowest = 1, surveyed = 0, filtersBuilt = null;

function survey() {
  if (surveyed === data.statements.length && surveyed) return;
  const there = new Set(offered.modality);
  for (let k = surveyed; k < data.statements.length; k += 1) {
    there.add(data.statements[k].modality);
    lowest = Math.min(lowest, data.statements[k].confidence);
  }
  lowest = Math.min(lowest, data.threshold);
  surveyed = data.statements.length;
  offered.modality = [...there].sort();
  sources = [...new Set(data.articles.map((article) => article.source))];
  days = null;
  filtersBuilt = null;
}

/* A choice that is null lets everything pass. */
const filters = { relation: null, modality: null, confidence: null, source: null, article: null, from: null, to: null };

function datesOf(statement) {
  const ends = [statement.subject, statement.object].flatMap((i) => data.nodes[i].dates || []);
  const articles = statement.supports.flatMap((support) => support.article === undefined ? [] : [data.articles[support.article].date || ""]);
  const own = [statement.qualifiers, ...statement.supports.map((support) => support.qualifiers)].flatMap((of) => Object.values(of || {}));
  return [...ends, ...articles, ...own].flatMap((value) => value.split("/")).filter((value) => DATE.test(value));
}

const dates = new WeakMap();  // of the statements that have been looked at
let days = null;              // all dates there are, sorted

function datesIn(statement) {
  if (!dates.has(statement)) dates.set(statement, datesOf(statement));
  return dates.get(statement);
}

function allDates() { return days ??= [...new Set(data.statements.flatMap(datesIn))].sort(); }

/* Dates may be a year or a month: it is within when a part of it is. */
function dated(statement) {
  const { from, to } = filters;
  return datesIn(statement).some((date) =>
    (!from || date >= from || from.startsWith(date)) && (!to || date <= to || date.startsWith(to)));
}

const checks = {
  relation: (statement) => !filters.relation || filters.relation.has(valueOf.relation(statement)),
  modality: (statement) => !filters.modality || filters.modality.has(valueOf.modality(statement)),
  confidence: (statement) => filters.confidence === null ? !statement.doubtful : statement.confidence >= filters.confidence / 100,
  source: (statement) => filters.source === null
    || statement.supports.some((s) => (s.article === undefined ? s.source : data.articles[s.article].source) === filters.source),
  article: (statement) => filters.article === null || statement.supports.some((support) => support.article === filters.article),
  date: (statement) => (!filters.from && !filters.to) || dated(statement),
};

/* The checks that can fail now. `but` names a filter that does not count: its own choices are counted under all the others. */
function strict(but) {
  const idle = { relation: !filters.relation, modality: !filters.modality, source: filters.source === null, article: filters.article === null, date: !filters.from && !filters.to };
  return Object.keys(checks).filter((name) => name !== but && !idle[name]).map((name) => checks[name]);
}

function passing(but) {
  const active = strict(but);
  return data.statements.filter((statement) => active.every((check) => check(statement)));
}

function filtering() { return Object.values(filters).some((value) => value !== null) || hiddenTypes.size > 0; }

function filterFields() {
  const pairs = [];
  for (const name of CHOICES) {
    if (filters[name]) pairs.push(...(filters[name].size ? [...filters[name]].sort() : [""]).map((value) => [name, value]));
  }
  for (const name of ["confidence", "source", "article", "from", "to"]) if (filters[name] !== null) pairs.push([name, String(filters[name])]);
  for (const type of [...hiddenTypes].sort((a, b) => a - b)) pairs.push(["without", data.types[type].name]);
  return pairs;
}

function wholeNumber(value, last) { return /^\d{1,9}$/.test(value || "") && Number(value) <= last ? Number(value) : null; }

function readFilters(wanted) {
  for (const name of CHOICES) {
    filters[name] = wanted.has(name) ? new Set(wanted.getAll(name).filter((value) => offered[name].includes(value))) : null;
  }
  filters.confidence = wholeNumber(wanted.get("confidence"), 100);
  filters.source = sources.includes(wanted.get("source")) ? wanted.get("source") : null;
  filters.article = wholeNumber(wanted.get("article"), data.articles.length - 1);
  for (const name of ["from", "to"]) filters[name] = DATE.test(wanted.get(name) || "") ? wanted.get(name) : null;
  hiddenTypes.clear();
  data.types.forEach((type, t) => { if (wanted.getAll("without").includes(type.name)) hiddenTypes.add(t); });
  index();
}

function clearFilters() {
  for (const name of Object.keys(filters)) filters[name] = null;
  hiddenTypes.clear();
}

/* After a filter has changed: the view keeps its place, the fragment follows. */
function filtered() {
  index();
  trace();
  refresh();
  remember(false);
}

function typeHidden(statement) {
  return hiddenTypes.has(data.nodes[statement.subject].type) || hiddenTypes.has(data.nodes[statement.object].type);
}

/* What is hidden, in words, with the way back. */
function hiddenLine() {
  byId("hidden").hidden = !filtering();
  if (!filtering()) { byId("hidden").replaceChildren(); return; }
  const now = kept.filter((statement) => !typeHidden(statement));
  const doubtful = now.filter((statement) => statement.doubtful).length;
  const accepted = data.statements.filter((statement) => !statement.doubtful).length;
  const gone = accepted - (now.length - doubtful);
  const list = (items) => items.join(language === "zh" ? "、" : ", ");
  const reasons = [
    ...CHOICES.filter((name) => filters[name]).map((name) => text(name)),
    ...(filters.confidence === null ? [] : [`${text("confidence")} ≥ ${filters.confidence}%`]),
    ...(filters.source === null && filters.article === null ? [] : [text("source")]),
    ...(filters.from || filters.to ? [`${text("dates")} ${filters.from || "…"} – ${filters.to || "…"}`] : []),
    ...[...hiddenTypes].map((t) => data.types[t][language]),
  ];
  byId("hidden").replaceChildren(
    text("hiddenBy", gone, accepted, list(reasons)), " ",
    ...(filters.from || filters.to ? [text("undated"), " "] : []),
    ...(doubtful ? [text("doubtfulShown", doubtful), " "] : []),
    element("button", { type: "button", id: "reset", onclick: () => { clearFilters(); filtered(); byId("filter").focus(); } }, text("reset")));
}

/* ---- the panel of the filters: built once for a language, then kept up to date in place, so that no control loses the focus ---- */

function field(label, id, ...content) {
  return element("fieldset", {}, element("legend", {}, id ? element("label", { for: id }, label) : label), ...content);
}

function choiceGroup(name, label) {
  const change = (values) => { filters[name] = values.size === offered[name].length ? null : values; filtered(); };
  const all = (key, values) => element("button", { type: "button", id: `${name}-${key}`, onclick: () => change(new Set(values)) }, text(key));
  const toggle = (event) => {
    const values = new Set(filters[name] || offered[name]);
    if (event.target.checked) values.add(event.target.value); else values.delete(event.target.value);
    change(values);
  };
  const group = field(text(name), "", element("div", { class: "actions" }, all("all", offered[name]), all("none", [])),
    ...offered[name].map((value) => element("label", {},
      element("input", { type: "checkbox", id: `${name}-is-${value}`, value, onchange: toggle }), ` ${label(value)} `,
      element("span", { class: "soft", id: `${name}-count-${value}` }))));
  group.id = `by-${name}`;
  return group;
}

function confidenceField() {
  const told = (event) => { byId("least").textContent = `≥ ${event.target.value}%`; };
  const change = (event) => { filters.confidence = Number(event.target.value) === usual ? null : Number(event.target.value); filtered(); };
  return field(text("confidence"), "confidence",
    element("input", { type: "range", id: "confidence", min: Math.floor(100 * lowest), max: 100, step: 1, oninput: told, onchange: change }),
    " ", element("output", { id: "least", for: "confidence" }), usual > 0 ? element("p", { class: "soft" }, text("doubtfulHint", usual)) : null);
}

function sourceField() {
  const articles = (source) => data.articles.flatMap((article, i) => article.source === source ? [[article, i]] : []);
  const option = (value, label) => element("option", { value }, label);
  const change = (event) => {
    const [kind, place] = event.target.value.split(" ");
    filters.source = kind === "source" ? sources[Number(place)] : null;
    filters.article = kind === "article" ? Number(place) : null;
    filtered();
  };
  return field(text("source"), "source", element("select", { id: "source", onchange: change }, option("", text("all")),
    ...sources.map((source, s) => element("optgroup", { label: source }, option(`source ${s}`, source),
      ...articles(source).map(([article, i]) => option(`article ${i}`, [article.title || text("untitled"), article.date].filter(Boolean).join(" · ")))))));
}

/* A date is written, or found by a slider over all dates there are; both agree. */
function dateFields() {
  const whole = allDates().filter((date) => date.split("-").length === 3);
  const set = (name, value) => { filters[name] = value; filtered(); };
  const written = (name) => (event) => {
    const value = event.target.value.trim(), invalid = value !== "" && !DATE.test(value);
    event.target.setAttribute("aria-invalid", String(invalid));
    if (!invalid) set(name, value || null);
  };
  const date = (name, example) => element("label", {}, `${text(name)} `,
    element("input", { type: "text", id: name, placeholder: example || "", size: 11, "aria-describedby": "date-form", onchange: written(name) }));
  const told = (name) => (event) => { byId(name).value = spoken(event.target); };
  const moved = (name, end) => (event) => set(name, Number(event.target.value) === end ? null : allDates()[event.target.value]);
  const slider = (name, end) => element("input", { type: "range", id: `${name}-slider`, class: "date", min: 0, max: Math.max(0, allDates().length - 1), step: 1,
    "aria-label": text(name === "from" ? "earliest" : "latest"), oninput: told(name), onchange: moved(name, end), ...(allDates().length > 1 ? {} : { disabled: "" }) });
  return field(text("dates"), "", date("from", whole[0]), slider("from", 0), date("to", whole[whole.length - 1]), slider("to", allDates().length - 1),
    element("p", { class: "soft", id: "date-form" }, text("dateForm")));
}

/* Says the date at which a slider stands, and keeps the two in order. */
function spoken(slider) {
  const [from, to] = [byId("from-slider"), byId("to-slider")];
  if (Number(from.value) > Number(to.value)) slider.value = slider === from ? to.value : from.value;
  const date = allDates()[slider.value] || "";
  slider.setAttribute("aria-valuetext", date);
  return date;
}

function placeSliders() {
  const last = allDates().length - 1;
  const first = allDates().findIndex((date) => date >= (filters.from || ""));
  const after = filters.to ? allDates().findIndex((date) => date > filters.to && !date.startsWith(filters.to)) : -1;
  byId("from-slider").value = String(first < 0 ? last : first);
  byId("to-slider").value = String(after < 0 ? last : Math.max(0, after - 1));
  for (const name of ["from", "to"]) byId(`${name}-slider`).setAttribute("aria-valuetext", allDates()[byId(`${name}-slider`).value] || "");
}

function updateChoices(name) {
  const counts = new Map(offered[name].map((value) => [value, 0]));
  for (const statement of passing(name)) counts.set(valueOf[name](statement), counts.get(valueOf[name](statement)) + 1);
  for (const [value, count] of counts) {
    byId(`${name}-is-${value}`).checked = !filters[name] || filters[name].has(value);
    byId(`${name}-count-${value}`).textContent = String(count);
  }
}

function filterPanel() {
  hiddenLine();
  if (byId("filters").hidden) return;
  if (filtersBuilt !== language) {
    filtersBuilt = language;
    byId("filters").replaceChildren(
      choiceGroup("relation", (name) => data.relations[offered.relation.indexOf(name)][language]),
      choiceGroup("modality", term), confidenceField(), sourceField(), dateFields());
  }
  CHOICES.forEach(updateChoices);
  byId("confidence").value = String(filters.confidence === null ? usual : filters.confidence);
  byId("least").textContent = `≥ ${byId("confidence").value}%`;
  byId("source").value = filters.article !== null ? `article ${filters.article}` : filters.source !== null ? `source ${sources.indexOf(filters.source)}` : "";
  for (const name of ["from", "to"]) {
    if (byId(name) === document.activeElement) continue;   // the reader is writing there
    byId(name).value = filters[name] || "";
    byId(name).setAttribute("aria-invalid", "false");
  }
  placeSliders();
}

byId("filter").addEventListener("click", () => {
  byId("filters").hidden = !byId("filters").hidden;
  byId("filter").setAttribute("aria-expanded", String(!byId("filters").hidden));
  filterPanel();
});
