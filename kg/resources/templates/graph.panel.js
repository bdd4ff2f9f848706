
/* ---- the panel: what is selected, its statements and the sentences that state them ---- */

function entityLink(i) {
  return element("a", { href: address({ entity: data.nodes[i].id }) }, element("bdi", {}, data.nodes[i].name));
}

function listed(i) {
  return element("li", {}, mark(data.types[data.nodes[i].type]), " ", entityLink(i), element("span", { class: "soft" }, ` ${degree(i)}`));
}

/* Pairs of a name and its value: words, a list of them, or something made already. */
function fields(pairs) {
  const worded = (value) => value instanceof Node ? value : element("bdi", {}, Array.isArray(value) ? value.join("；") : value);
  const rows = pairs.filter(([, value]) => value && (value instanceof Node || value.length))
    .flatMap(([name, value]) => [element("dt", {}, name in data.terms ? term(name) : text(name)), element("dd", {}, worded(value))]);
  return rows.length ? element("dl", {}, ...rows) : null;
}

function quoted(support) {
  return element("blockquote", { class: "text" }, ...support.pieces.map(([part, kind]) =>
    kind ? element("mark", { class: kind === "s" ? "subject" : "object" }, part) : part));
}

function evidence(support, statement) {
  const article = support.article === undefined ? {} : data.articles[support.article];
  const source = article.source || support.source || "";
  const own = Object.entries(support.qualifiers || {}).filter(([name, value]) => (statement.qualifiers || {})[name] !== value);
  return element("div", { class: "evidence" }, quoted(support),
    element("div", { class: "soft" }, element("bdi", {}, article.title || text("untitled")),
      ...[article.date, article.publisher].filter(Boolean).flatMap((value) => [" · ", element("bdi", {}, value)])),
    fields([...own, ["attributed", support.attributed], ["corrected", support.corrected]]),
    element("div", { class: "soft" }, `${text("confidence")} ${percent(support.confidence)} · ${text("rule")} `, element("bdi", {}, support.rule || "—"),
      ` · ${text("position")} `, element("bdi", {}, `${source}#char=${support.start},${support.end}`)));
}

function percent(share) { return `${Math.round(100 * share)}%`; }

/* What the statement is a part of: the signing, the award. */
function occurrence(statement) {
  if (statement.occurrence === undefined) return null;
  const happening = data.happenings[statement.occurrence];
  const link = (i) => i === undefined ? null : entityLink(i);
  const said = fields([["date", happening.dateText || happening.date], ["place", link(happening.place)], ["atEvent", link(happening.event)],
    ["agreement", happening.agreement], ["amount", happening.amount]]);
  return said && element("div", { class: "occurrence" }, element("span", { class: "soft" }, term(happening.kind)), said);
}

function statementCard(statement, open) {
  const relation = data.relations[statement.relation];
  const line = element("div", { class: "line" }, entityLink(statement.subject), " ",
    element("span", { class: "relation" }, relation.symmetric ? `— ${relation[language]} —` : `— ${relation[language]} →`), " ",
    entityLink(statement.object), " ",
    ...Object.values(statement.qualifiers || {}).flatMap((value) => [element("bdi", { class: "badge" }, value), " "]),
    statement.modality === "stated" ? null : element("span", { class: "badge" }, term(statement.modality)), " ",
    statement.doubtful ? element("span", { class: "badge" }, text("doubtful")) : null, " ",
    element("span", { class: "badge" }, percent(statement.confidence)));
  const body = () => element("div", {}, ...statement.supports.map((support) => evidence(support, statement)), occurrence(statement),
    element("div", { class: "actions" }, element("button", { type: "button", onclick: (event) => offer(event.target, `statement/${statement.id}`, () => statementTurtle(statement)) }, text("turtle"))));
  const count = statement.supports.length;
  const details = element("details", { ontoggle: () => { if (details.open && details.children.length < 2) details.append(body()); } },
    element("summary", {}, text(count === 1 ? "sentence" : "sentences", count)));
  if (open) details.append(body());     // the evidence of a closed one is made when it is opened: a hub has thousands
  details.open = open;
  return element("div", { class: "statement" }, line, details);
}

const CARDS = 100;            // statements of one relation that the panel lists before it asks

function grouped(statements) {
  const open = statements.length <= 6;
  const groups = new Map();
  for (const statement of statements) {
    if (!groups.has(statement.relation)) groups.set(statement.relation, []);
    groups.get(statement.relation).push(statement);
  }
  return [...groups].flatMap(([relation, members]) => {
    const rest = members.slice(CARDS);
    const more = element("button", { type: "button", onclick: () => {
      more.before(...rest.splice(0, CARDS).map((statement) => statementCard(statement, open)));
      if (rest.length) more.textContent = `${text("more")} (${rest.length})`; else more.remove();
    } }, `${text("more")} (${rest.length})`);
    return [
      element("h3", {}, `${data.relations[relation][language]} (${members.length})`),
      ...members.slice(0, CARDS).map((statement) => statementCard(statement, open)),
      ...(rest.length ? [more] : []),
    ];
  });
}

function entityPanel(i) {
  const node = data.nodes[i], type = data.types[node.type];
  const button = (key, action) => element("button", { type: "button", onclick: action }, text(key));
  return [
    element("h2", {}, element("bdi", {}, node.name)),
    element("p", { class: "soft" }, mark(type), ` ${type[language]}${node.subtype ? " · " + term(node.subtype) : ""} · ${text("neighbours", degree(i))}`),
    fields([["aliases", node.aliases], ["dates", node.dates], ["amounts", node.amounts], ["corrected", node.corrected]]),
    node.merged ? element("details", { class: "soft" }, element("summary", {}, text("merged")), element("ul", {}, ...node.merged.map((reason) => element("li", {}, element("bdi", {}, reason))))) : null,
    element("div", { class: "actions" },
      unseen(i) || unloaded(i) ? button("expand", () => unfold(i)) : null,
      expansions.has(i) ? button("collapse", () => fold(i)) : null,
      button("findPath", () => seekPath(i)),
      button("turtle", (event) => offer(event.target, node.escaped || node.id, () => entityTurtle(i))),
      button("focus", () => isolate(i))),
    ...grouped(statementsOf[i]),
    unloaded(i) ? element("div", { class: "actions" }, button("moreStatements", async () => { await load(node.id, true); refresh(); })) : null,
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
    data.left ? element("p", { class: "notice" }, text("left", data.nodes.length, data.left.nodes, data.left.statements)) : null,
    element("p", {}, text("welcome")),
    element("h2", {}, text("best")),
    element("ul", { class: "list" }, ...ranked.slice(0, 25).filter(degree).map(listed)),
  ];
}

function panel() {
  const content = !selected ? welcomePanel() : selected.line ? linePanel(selected.line) : selected.goal !== undefined ? pathPanel() : entityPanel(selected.node);
  byId("details").replaceChildren(...content.filter(Boolean));
  byId("details").classList.toggle("chosen", selected !== null);
}

/* ---- the legend: how many entities of which type there are; it filters too ---- */

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
