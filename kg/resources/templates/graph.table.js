
/* ---- the statements as a table, sorted by a column, and as a CSV file ---- */

const ROWS = 200;             // so many rows at a time
const collator = new Intl.Collator("zh", { numeric: true });
const table = { column: "subject", down: false, rows: ROWS };

function articlesOf(statement) { return statement.supports.map((support) => support.article === undefined ? {} : data.articles[support.article]); }
function earliest(dates) { return dates.reduce((first, date) => date && (!first || date < first) ? date : first, ""); }
function quote(support) { return support.pieces.map(([part]) => part).join(""); }
function qualified(of) { return Object.entries(of || {}).map(([name, value]) => `${term(name)} ${value}`).join(language === "zh" ? "；" : "; "); }

const columns = {
  subject: (statement) => data.nodes[statement.subject].name,
  relation: (statement) => data.relations[statement.relation][language],
  object: (statement) => data.nodes[statement.object].name,
  modality: (statement) => term(statement.modality),
  qualifiers: (statement) => qualified(statement.qualifiers),
  confidence: (statement) => percent(statement.confidence),
  published: (statement) => earliest(articlesOf(statement).map((article) => article.date)),
  evidence: (statement) => statement.supports.length ? quote(statement.supports[0]) : "",
};

/* The statements that the table holds, and how its column orders them. */
function tabled() { return hiddenTypes.size || only ? kept.filter((statement) => !typeHidden(statement) && ofInterest(statement)) : kept; }

function tableOrder() {
  const by = table.column === "confidence" ? (a, b) => a - b : collator.compare;
  const sign = table.down ? -1 : 1;
  return (a, b) => (a.key === b.key ? 0 : sign * by(a.key, b.key)) || (a.statement.id < b.statement.id ? -1 : 1);
}

/* The first `count` statements in the order of the column: to sort tens of thousands for two hundred rows would take too long. */
function foremost(statements, count) {
  const value = table.column === "confidence" ? (statement) => statement.confidence : columns[table.column];
  const order = tableOrder();
  let best = [], bound = null;
  for (const statement of statements) {
    const item = { key: value(statement), statement };
    if (bound && order(item, bound) > 0) continue;
    best.push(item);
    if (best.length < 2 * count) continue;
    best = best.sort(order).slice(0, count);
    bound = best[count - 1];
  }
  return best.sort(order).slice(0, count).map((item) => item.statement);
}

function tableFields() { return [["sort", (table.down ? "-" : "") + table.column]]; }

function readTable(wanted) {
  const [, down, column] = /^(-?)(.*)$/.exec(wanted.get("sort") || "");
  table.column = Object.hasOwn(columns, column) ? column : "subject";
  table.down = Object.hasOwn(columns, column) && down === "-";
}

function sortBy(column) {
  table.down = table.column === column && !table.down;
  table.column = column;
  table.rows = ROWS;
  tableView();
  remember(true);
  byId(`sort-${column}`).focus();
}

function heading(column) {
  const sorted = table.column === column;
  return element("th", { scope: "col", "aria-sort": !sorted ? "none" : table.down ? "descending" : "ascending" },
    element("button", { type: "button", id: `sort-${column}`, onclick: () => sortBy(column) },
      text(column), element("span", { "aria-hidden": "true" }, !sorted ? "" : table.down ? " ▼" : " ▲")));
}

function row(statement) {
  const both = { entity: data.nodes[statement.subject].id, with: data.nodes[statement.object].id };
  const shows = {
    subject: () => entityLink(statement.subject),
    object: () => entityLink(statement.object),
    relation: () => element("a", { href: address(both) }, columns.relation(statement)),
  };
  return element("tr", {}, ...Object.keys(columns).map((column) =>
    element("td", { class: `is-${column}` }, column in shows ? shows[column]() : element("bdi", {}, columns[column](statement)))));
}

/* The reader goes on where the list ended. */
function moreRows() {
  const before = table.rows;
  table.rows += ROWS;
  tableView();
  byId("table").querySelectorAll("tbody tr")[before].querySelector("a").focus();
}

function tableView() {
  const all = tabled();
  byId("table").replaceChildren(
    element("div", { class: "actions" }, onlyBox(), element("span", { role: "status" }, text("rows", Math.min(table.rows, all.length), all.length)),
      element("button", { type: "button", id: "csv", onclick: () => save("statements.csv", csv(foremost(all, all.length))) }, text("csv"))),
    element("table", {}, element("thead", {}, element("tr", {}, ...Object.keys(columns).map(heading))),
      element("tbody", {}, ...foremost(all, table.rows).map(row))),
    ...(all.length > table.rows ? [element("button", { type: "button", id: "more", onclick: moreRows }, text("more"))] : []));
}

/* One row for every evidence. A cell that a spreadsheet would run as a formula begins with an apostrophe. */
function csv(statements) {
  const names = ["statement", "subject_id", "subject", "relation", "object_id", "object", "modality", "qualifiers", "confidence",
    "evidence", "article", "published", "publisher", "source", "start", "end", "rule", "attributed_to"];
  const cell = (value) => `"${String(value ?? "").replace(/^(?=[=+\-@\t\r])/, "'").replace(/"/g, '""')}"`;
  const rows = statements.flatMap((statement) => statement.supports.map((support) => {
    const article = support.article === undefined ? {} : data.articles[support.article];
    const [subject, object] = [data.nodes[statement.subject], data.nodes[statement.object]];
    return [statement.id, subject.id, subject.name, data.relations[statement.relation].name, object.id, object.name, statement.modality,
      qualified({ ...statement.qualifiers, ...support.qualifiers }), support.confidence, quote(support), article.title, article.date,
      article.publisher, article.source || support.source, support.start, support.end, support.rule, support.attributed];
  }));
  return [names, ...rows].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

/* The byte order mark tells spreadsheets that the file is UTF-8. */
function save(name, content) {
  const place = URL.createObjectURL(new Blob(["\ufeff", content], { type: "text/csv;charset=utf-8" }));
  element("a", { href: place, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(place), 10000);
}

views.table = { button: "as-table", element: "table", draw: tableView, fields: tableFields, read: readTable };
