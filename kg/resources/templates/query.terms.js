"use strict";

/* ---- terms of answers: read from N-Triples, shortened, shown as cells with links to their pages ---- */

const data = JSON.parse(document.getElementById("data").textContent);

function text(key, ...values) {
  return data.words[key].replace(/\{(\d)\}/g, (_, i) => values[i]);
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"].map((n) => XSD + n));
const LONGEST_NAME = 80;
const NAMES_AT_ONCE = 1000;
const PREFIXES = Object.entries(data.prefixes).sort((a, b) => b[1].length - a[1].length);

/* The word for a term of the ontology, or null. */
function wordOf(name) {
  return Object.hasOwn(data.terms, name) ? data.terms[name] : null;
}

/* The address of the page of an IRI on this server, or null. */
function pageOf(iri) {
  return iri.startsWith(data.base) && iri.length > data.base.length
    ? data.path + iri.slice(data.base.length).replace(/^\/+/, "") : null;
}

function shortened(iri) {
  if (iri.startsWith(data.base) && iri.length > data.base.length) return readable(iri.slice(data.base.length));
  for (const [prefix, namespace] of PREFIXES) {
    if (prefix && iri.startsWith(namespace) && iri.length > namespace.length) return prefix + ":" + readable(iri.slice(namespace.length));
  }
  return iri;
}

function readable(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/* A cell of the table for a term as SPARQL's JSON has it, or for nothing; in words where a question was asked. */
function cell(term, inWords) {
  if (!term) return element("td");
  if (inWords && term.type === "literal") {
    const word = term.datatype === XSD + "boolean" ? text(term.value === "true" ? "yes" : "no") : wordOf(term.value);
    if (word) return element("td", { class: "short", title: term.value }, word);
  }
  if (term.type === "uri") {
    const page = pageOf(term.value);
    const name = element("bdi", {}, shortened(term.value));
    const word = term.value.startsWith(data.prefixes.nk) ? wordOf(term.value.slice(data.prefixes.nk.length)) : null;
    return element("td", { class: page ? undefined : "iri", title: word ? `${word}\n${term.value}` : term.value },
      page ? element("a", { href: page }, name) : name);
  }
  if (term.type === "bnode") return element("td", { class: "iri" }, "_:" + term.value);
  if (term.type === "triple") return element("td", {}, JSON.stringify(term.value));
  const size = term.value.length;
  const width = size <= 12 ? "short" : size > 40 ? "long" : "middling";
  const plain = !term.datatype && !term["xml:lang"];
  const made = element("td", {
    class: NUMBERS.has(term.datatype) ? "number" : width,
    title: term["xml:lang"] ? "@" + term["xml:lang"] : term.datatype ? shortened(term.datatype) : undefined,
  }, element("bdi", {}, term.value));
  if (plain && size <= LONGEST_NAME) made.dataset.name = term.value;
  return made;
}

/* A string as SPARQL writes it. */
function quoted(string) {
  return `"${string.replace(/[\\"\n\r\t]/g, (one) => ({ "\\": "\\\\", "\"": "\\\"", "\n": "\\n", "\r": "\\r", "\t": "\\t" }[one]))}"`;
}

/* Makes links of the cells that hold the name of an entity; a name of several leads to the search. */
async function linkNames(cells, signal) {
  const names = [...new Set(cells.map((one) => one.dataset.name))];
  const pages = new Map();
  for (let first = 0; first < names.length; first += NAMES_AT_ONCE) {
    const part = names.slice(first, first + NAMES_AT_ONCE).map(quoted).join(" ");
    const sparql = `SELECT ?name ?entity { VALUES ?name { ${part} } ?entity <http://www.w3.org/2000/01/rdf-schema#label> ?name }`;
    const answer = await ask(sparql, "application/sparql-results+json", signal);
    if (!answer.ok) return;
    for (const row of (await answer.json()).results.bindings) {
      const page = pageOf(row.entity.value);
      const name = row.name.value;
      if (page) pages.set(name, pages.has(name) ? "/search?" + new URLSearchParams({ q: name }) : page);
    }
  }
  for (const one of cells) {
    const page = pages.get(one.dataset.name);
    if (page) one.replaceChildren(element("a", { href: page }, ...one.childNodes));
  }
}

const ESCAPES = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f", "\"": "\"", "'": "'", "\\": "\\" };

function unescaped(written) {
  return written.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) =>
    one ? ESCAPES[one] ?? one : String.fromCodePoint(parseInt(four ?? eight, 16)));
}

const TERM = /<([^>]*)>|_:([^\s]+)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?/y;

/* The triples of N-Triples as rows of three terms. */
function triplesOf(written) {
  const rows = [];
  for (const line of written.split("\n")) {
    const terms = [];
    let place = 0;
    while (terms.length < 3) {
      while (line[place] === " ") place += 1;
      TERM.lastIndex = place;
      const match = TERM.exec(line);
      if (!match) break;
      place = TERM.lastIndex;
      if (match[1] !== undefined) terms.push({ type: "uri", value: unescaped(match[1]) });
      else if (match[2] !== undefined) terms.push({ type: "bnode", value: match[2] });
      else terms.push({ type: "literal", value: unescaped(match[3]), "xml:lang": match[4], datatype: match[5] });
    }
    if (terms.length === 3) rows.push(terms);
  }
  return rows;
}
