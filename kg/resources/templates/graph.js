"use strict";
/* The page of a graph. `data` is what kg/serialize/page_data.py wrote. Nodes and statements are named by their place in its lists,
   which only grow. Text of articles reaches the page through text nodes only. What is selected stands in the URL fragment. */

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const remote = Boolean(data.remote);      // the page came from `kg serve` and asks it for what it lacks

/* `node` alone is an entity, with `line` what is stated between two, with `goal` the path to another; null is nothing. */
let selected = null;
let language = (navigator.language || "en").toLowerCase().startsWith("zh") ? "zh" : "en";

function text(key, ...values) {
  const entry = data.interface[key];
  return (entry ? entry[language] : key).replace(/\{(\d)\}/g, (_, i) => isolated(String(values[Number(i)])));
}

/* Words of articles can hold marks that end an isolate which nothing began, and so get out of their own <bdi>: those are left out,
   and what is left open is closed. */
function enclosed(words) {
  let open = 0;
  const kept = words.replace(/[\u2066-\u2069]/g, (mark) => {
    if (mark === "\u2069" && !open) return "";
    open += mark === "\u2069" ? -1 : 1;
    return mark;
  });
  return kept + "\u2069".repeat(open);
}

/* What stands in a sentence of the page does not turn the sentence round. */
function isolated(words) {
  return /[\p{Script=Hebrew}\p{Script=Arabic}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(words) ? `\u2068${enclosed(words)}\u2069` : words;
}

/* Words of the ontology: qualifiers, kinds of organizations, modalities, occurrences and their roles. */
function term(name) { return data.terms[name] ? data.terms[name][language] : name; }

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  const there = children.filter((child) => child !== null && child !== undefined);
  made.append(...there.map((child) => tag === "bdi" && typeof child === "string" ? enclosed(child) : child));
  return made;
}

function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

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

/* The fragment of a view: what is selected, then the filters, then the view. */
function address(fields) { return "#" + new URLSearchParams([...Object.entries(fields), ...filterFields(), ...viewFields()]).toString(); }

function selection() {
  if (!selected) return {};
  if (selected.goal !== undefined) return { entity: data.nodes[selected.node].id, path: data.nodes[selected.goal].id };
  const line = selected.line && lines.get(selected.line);
  if (!line) return { entity: data.nodes[selected.node].id };
  return { entity: data.nodes[selected.node].id, with: data.nodes[line.from === selected.node ? line.to : line.from].id };
}

/* Writes what the reader sees into the address, as a step of its own or `instead` of the last one. */
function remember(instead) {
  const target = address(selection());
  if (location.hash === target || (target === "#" && !location.hash)) return;
  if (instead) history.replaceState(null, "", target); else history.pushState(null, "", target);
}

function go(fields) {
  const target = address(fields);
  if (location.hash === target || (target === "#" && !location.hash)) route();
  else location.hash = target;
}

let turn = 0;                 // an answer of the server that comes after the reader has gone on is not shown

async function route() {
  const mine = turn += 1;
  const wanted = new URLSearchParams(location.hash.replace(/^#/, ""));
  if (remote) {
    await summon(wanted.get("entity"), wanted.get("with"), wanted.get("path"));
    if (mine !== turn) return;
  }
  readFilters(wanted);
  readView(wanted);
  const node = number.get(wanted.get("entity"));
  const other = number.get(wanted.get("with"));
  const goal = number.get(wanted.get("path"));
  const before = selected;
  const followed = document.activeElement !== document.body && !byId("network").contains(document.activeElement);
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
  const grown = !absent && selected && alone(node) && expand(node) > 0;
  trace();
  refresh();
  byId("details").scrollTop = 0;
  if (followed && document.activeElement === document.body) byId("details").focus();   // what was followed has been made anew
  if (trail) show(trail);
  else if (absent || (grown && !network.byClick)) show([node, ...neighbours[node]].filter(visible));
  else if (selected && !network.byClick) network.focus(node, { scale: Math.max(network.getScale(), 0.9), animation: false });
  else if (!selected && before && !network.byClick) network.fit({ animation: false });
  network.byClick = false;
}

function refresh() { draw(); legend(); panel(); filterPanel(); drawView(); }

function translate() {
  document.documentElement.lang = language;
  document.title = text("title");
  for (const [attribute, target] of [["data-placeholder", "placeholder"], ["data-label", "aria-label"]])
    document.querySelectorAll(`[${attribute}]`).forEach((e) => e.setAttribute(target, text(e.getAttribute(attribute))));
  document.querySelectorAll("[data-text]").forEach((e) => { e.textContent = text(e.dataset.text); });
  seekPath(null);
  refresh();
}
