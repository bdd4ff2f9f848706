
/* ---- the statements as a table, sorted by a column, and as a CSV file ---- */

const ROWS = 200;             // so many rows at a time
const collator = new Intl.Collator("zh", { numeric: true });
const table = { column: "subject", down: false, rows: ROWS };

function articlesOf(statement) { return statement.supports.map((support) => support.article === undefined ? {} : data.articles[support.article]); }
function quote(support) { return support.pieces.map(([part]) => part).join(""); }
function qualified(of) { return Object.entries(of || {}).map(([name, value]) => `${term(name)} ${value}`).join(language === "zh" ? "；" : "; "); }

const columns = {
  subject: (statement) => data.nodes[statement.subject].name,
  relation: (statement) => data.relations[statement.relation][language],
  object: (statement) => data.nodes[statement.object].name,
  modality: (statement) => term(statement.modality),
  qualifiers: (statement) => qualified(statement.qualifiers),
  confidence: (statement) => percent(statement.confidence),
  published: (statement) => articlesOf(statement).map((article) => article.date || "").filter(Boolean).sort()[0] || "",
  evidence: (statement) => statement.supports.map(quote)[0] || "",
};

function tabled() {
  const value = table.column === "confidence" ? (statement) => statement.confidence : columns[table.column];
  const keys = new Map(kept.filter((statement) => !typeHidden(statement)).map((statement) => [statement, value(statement)]));
  const order = (a, b) => typeof a === "number" ? a - b : collator.compare(a, b);
  return [...keys.keys()].sort((a, b) => (table.down ? -1 : 1) * order(keys.get(a), keys.get(b)) || (a.id < b.id ? -1 : 1));
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

function tableView() {
  const all = tabled();
  byId("table").replaceChildren(
    element("div", { class: "actions" }, element("span", { role: "status" }, text("rows", Math.min(table.rows, all.length), all.length)),
      element("button", { type: "button", id: "csv", onclick: () => save("statements.csv", csv(all)) }, text("csv"))),
    element("table", {}, element("thead", {}, element("tr", {}, ...Object.keys(columns).map(heading))),
      element("tbody", {}, ...all.filter((_, place) => place < table.rows).map(row))),
    ...(all.length > table.rows ? [element("button", { type: "button", id: "more", onclick: () => { table.rows += ROWS; tableView(); byId("more")?.focus(); } }, text("more"))] : []));
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
