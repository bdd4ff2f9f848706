
/* ---- the timeline: events, signings and other occurrences, by year, by month of one year, and as a list ---- */

const ENTRIES = 50;           // so many entries at a time
const KIND_COLOURS = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#8C6BB1", "#A6761D", "#6B6B6B", "#B2A400", "#5E4FA2"];
const timeline = { at: null, without: new Set(), entries: ENTRIES, asked: new Set(), years: {} };

/* The statements that tell of every occurrence, as far as the filters let them through. */
function tellings() {
  const found = new Map();
  for (const statement of kept) {
    if (statement.occurrence === undefined || typeHidden(statement) || !ofInterest(statement)) continue;
    if (!found.has(statement.occurrence)) found.set(statement.occurrence, []);
    found.get(statement.occurrence).push(statement);
  }
  return found;
}

/* The day when the earliest article about it came out, for what has no date of its own. */
function reported(statements) {
  return statements.flatMap(articlesOf).map((article) => article.date || "").filter((date) => DATE.test(date)).sort()[0];
}

function begins(date) { return date.split("/")[0]; }

/* What happened, the latest first: { date, own, kind, happening, event, statements }. */
function timelineItems() {
  const items = [];
  for (const [h, statements] of tellings()) {
    const happening = data.happenings[h];
    const own = Boolean(happening.date) && DATE.test(begins(happening.date));
    const date = own ? happening.date : reported(statements);
    if (date) items.push({ date, own, kind: happening.kind, happening, statements });
  }
  data.nodes.forEach((node, i) => {
    if (data.types[node.type].name !== "Event" || hiddenTypes.has(node.type)) return;
    const statements = statementsOf[i].filter((statement) => !typeHidden(statement) && ofInterest(statement));
    const date = (node.dates || []).find((value) => DATE.test(begins(value)));
    if (date && statements.length) items.push({ date, own: true, kind: "Event", event: i, statements });
  });
  return items.sort((a, b) => begins(a.date) < begins(b.date) ? 1 : begins(a.date) > begins(b.date) ? -1
    : itemKey(a) < itemKey(b) ? -1 : 1);
}

function itemKey(item) { return item.happening ? item.happening.id : data.nodes[item.event].id; }
function kindWord(kind) { const type = data.types.find((known) => known.name === kind); return type ? type[language] : term(kind); }
function within(item) { return !timeline.at || begins(item.date).startsWith(timeline.at); }

function timelineFields() {
  return [...(timeline.at ? [["at", timeline.at]] : []), ...[...timeline.without].sort().map((kind) => ["leave", kind])];
}

function readTimeline(wanted) {
  const at = wanted.get("at") || "";
  timeline.at = /^\d{4}(-\d{2})?$/.test(at) ? at : null;
  timeline.without = new Set(wanted.getAll("leave").filter((kind) => kind === "Event" || kind in data.terms));
}

function choosePeriod(at) {
  timeline.at = at;
  timeline.entries = ENTRIES;
  timelineView();
  remember(false);
}

/* The bars: years, or the twelve months of the year that is chosen. */
function bars(items, kinds) {
  const year = timeline.at ? timeline.at.slice(0, 4) : null;
  const label = (item) => year ? begins(item.date).slice(0, 7) : begins(item.date).slice(0, 4);
  const held = remote ? data.happenings.flatMap((happening) => happening.date || []) : [];     // what the server has not sent is shown as such
  const there = items.filter((item) => !year || (begins(item.date).startsWith(year) && begins(item.date).length > 4));
  const beyond = (name) => year ? 0 : Math.max(0, (timeline.years[name] || 0) - held.filter((date) => date.startsWith(name)).length);
  const names = year ? Array.from({ length: 12 }, (_, m) => `${year}-${String(m + 1).padStart(2, "0")}`) : [...new Set([...Object.keys(timeline.years), ...there.map(label)])].sort();
  const counts = new Map(names.map((name) => [name, new Map()]));
  for (const item of there) counts.get(label(item)).set(item.kind, (counts.get(label(item)).get(item.kind) || 0) + 1);
  const total = (name) => [...counts.get(name).values()].reduce((sum, count) => sum + count, beyond(name));
  const highest = Math.max(1, ...names.map(total));
  return element("div", { class: "bars", role: "group", "aria-label": text("periods") }, ...names.flatMap((name, n) => {
    const stack = element("span", { class: "stack", "aria-hidden": "true" }, ...kinds.filter((kind) => counts.get(name).has(kind)).map((kind) => {
      const part = element("span", { class: "part" });
      part.style.height = `${(100 * counts.get(name).get(kind)) / highest}%`;
      part.style.background = kindColour(kind);
      return part;
    }));
    if (beyond(name)) {
      const part = element("span", { class: "part beyond" });
      part.style.height = `${(100 * beyond(name)) / highest}%`;
      stack.append(part);
    }
    const shown = year ? name.slice(5) : name;
    const gap = !year && n > 0 && Number(name) - Number(names[n - 1]) > 1;   // years without entries are left out, and that is seen
    const bar = element("button", {
      type: "button", class: "bar", "data-at": name, "aria-pressed": String(timeline.at === name), "aria-label": `${name}: ${total(name)}`, title: `${name}: ${total(name)}`,
      ...(total(name) ? {} : { disabled: "" }),
      onclick: () => { choosePeriod(timeline.at === name ? year : name); focusBar(name); },
    }, stack, element("span", { class: "soft", "aria-hidden": "true" }, shown));
    return gap ? [element("span", { class: "gap soft", "aria-hidden": "true" }, "⋯"), bar] : [bar];
  }));
}

/* A chosen year makes way for its months: the focus goes to what leads back. */
function focusBar(name) { (byId("timeline").querySelector(`[data-at="${name}"]`) || byId("all-years"))?.focus(); }

const kindOrder = ["Event", ...Object.keys(data.terms)];
function kindColour(kind) { return KIND_COLOURS[timelineKinds.indexOf(kind) % KIND_COLOURS.length]; }
let timelineKinds = [];       // all kinds that occur, in the order of the ontology

function kindLegend(all) {
  const counts = new Map();
  for (const item of all) if (within(item)) counts.set(item.kind, (counts.get(item.kind) || 0) + 1);
  return element("div", { class: "kinds", role: "group", "aria-label": text("kinds") }, ...timelineKinds.map((kind) => {
    const dot = element("span", { class: "kind", "aria-hidden": "true" });
    dot.style.background = kindColour(kind);
    return element("button", {
      type: "button", "data-kind": kind, "aria-pressed": String(!timeline.without.has(kind)),
      onclick: () => {
        if (!timeline.without.delete(kind)) timeline.without.add(kind);
        timelineView();
        remember(true);
        byId("timeline").querySelector(`[data-kind="${kind}"]`).focus();
      },
    }, dot, `${kindWord(kind)} ${counts.get(kind) || 0}`);
  }));
}

function entry(item) {
  const { happening, statements } = item;
  const link = (i) => i === undefined ? null : entityLink(i);
  const joined = (ids) => element("span", {}, ...ids.flatMap((i, k) => k ? ["、", entityLink(i)] : [entityLink(i)]));
  const [statement] = [...statements].sort((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1));
  const [support] = statement.supports;
  const article = support.article === undefined ? {} : data.articles[support.article];
  const what = happening
    ? fields([...Object.entries(happening.roles || {}).map(([role, ids]) => [role, joined(ids)]), ["agreement", happening.agreement],
      ["amount", happening.amount], ["place", link(happening.place)], ["atEvent", link(happening.event)]])
    : element("p", { class: "line" }, mark(data.types[data.nodes[item.event].type]), " ", entityLink(item.event), " ",
      element("span", { class: "soft" }, text("statementCount", statements.length)));
  return element("li", { class: "entry" },
    element("h3", {}, element("bdi", {}, item.date.replace("/", " – ")), item.own ? null : element("span", { class: "soft" }, ` ${text("byArticle")}`), " ",
      element("span", { class: "badge" }, kindWord(item.kind))),
    what, quoted(support),
    element("div", { class: "soft" }, element("bdi", {}, article.title || text("untitled")),
      ...[article.date, article.publisher].filter(Boolean).flatMap((value) => [" · ", element("bdi", {}, value)])));
}

/* The reader goes on where the list ended. */
function moreEntries() {
  const before = timeline.entries;
  timeline.entries += ENTRIES;
  timelineView();
  const next = byId("timeline").querySelectorAll(".entry")[before];
  (next.querySelector("a") || byId("timeline")).focus();
}

function timelineView() {
  if (remote) askTimeline(timeline.at);
  const all = timelineItems();
  timelineKinds = kindOrder.filter((kind) => all.some((item) => item.kind === kind));
  const items = all.filter((item) => !timeline.without.has(item.kind));
  const listed = items.filter(within);
  byId("timeline").replaceChildren(
    element("h2", {}, text("timeline"), timeline.at ? element("span", {}, ` ${timeline.at}`) : ""),
    ...(selected ? [onlyBox()] : []),
    ...(timeline.at ? [element("button", { type: "button", id: "all-years", onclick: () => { choosePeriod(null); byId("timeline").focus(); } }, text("allYears"))] : []),
    bars(items, timelineKinds), kindLegend(all),
    element("p", { role: "status", class: "soft" }, text("entries", Math.min(timeline.entries, listed.length), listed.length)),
    element("ol", { class: "entries" }, ...listed.slice(0, timeline.entries).map(entry)),
    ...(listed.length > timeline.entries ? [element("button", { type: "button", id: "more-entries", onclick: moreEntries }, text("more"))] : []));
  scrollBars();
}

/* The latest years are in sight; months begin with January. */
function scrollBars() {
  const row = byId("timeline").querySelector(".bars");
  row.scrollLeft = timeline.at ? 0 : row.scrollWidth;
}

/* A server is asked once for the latest occurrences, and for those of every period that is chosen. */
async function askTimeline(at) {
  const key = at || "";
  if (timeline.asked.has(key)) return;
  timeline.asked.add(key);
  try {
    const bundle = await fetchJson(`explorer/timeline?${new URLSearchParams({ limit: 500, ...(at ? { since: at, until: at } : {}) })}`);
    timeline.years = bundle.years;
    admit(bundle);
    index();
    refresh();
  } catch (error) {
    timeline.asked.delete(key);
    tell(text("trouble", error.message));
  }
}

views.timeline = { button: "as-timeline", element: "timeline", draw: timelineView, fields: timelineFields, read: readTimeline };
