
/* ---- an entity or a statement as Turtle: the triples that graph.ttl has of it, without the places in the text ----
   A server is asked for them; a file makes them of what it holds. */

const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", RDFS = "http://www.w3.org/2000/01/rdf-schema#";
const SKOS = "http://www.w3.org/2004/02/skos/core#", XSD = "http://www.w3.org/2001/XMLSchema#";

/* JSON escapes in strings what Turtle escapes, the same way; half a surrogate pair, which RDF cannot hold, becomes U+FFFD. */
function literal(value) { return JSON.stringify(value.replace(/\p{Surrogate}/gu, "\ufffd")); }
function entityName(i) { return `<${data.base}${data.nodes[i].escaped || data.nodes[i].id}>`; }
function occurrenceName(happening) { return `<${data.base}occurrence/${happening.escaped || happening.id}>`; }
function own(name) { return `<${data.namespace}${name}>`; }
function described(subject, pairs) { return `${subject}\n${pairs.map((pair) => `    ${pair.join(" ")}`).join(" ;\n")} .\n`; }
function plainly(statement) { return statement.modality === "stated" && !statement.doubtful; }
function flat(statement) { return [`<${data.relations[statement.relation].iri}>`, entityName(statement.object)]; }

async function fetchTurtle(name) {
  const answer = await fetch(data.prefix + name, { headers: { Accept: "text/turtle" } });
  if (!answer.ok) throw new Error(`${answer.status} ${name}`);
  return answer.text();
}

function entityTurtle(i) {
  const node = data.nodes[i];
  return described(entityName(i), [
    ["a", `<${data.types[node.type].iri}>`],
    ...(node.subtype && data.terms[node.subtype] ? [["a", `<${data.terms[node.subtype].iri}>`]] : []),
    [`<${RDFS}label>`, literal(node.name)],
    [`<${SKOS}prefLabel>`, literal(node.name)],
    ...(node.aliases || []).map((alias) => [`<${SKOS}altLabel>`, literal(alias)]),
    ...(node.amounts || []).map((amount) => [own("amountText"), literal(amount)]),
    ...(node.dates || []).map((date) => [own("dateText"), literal(date)]),
    ...(node.merged || []).map((reason) => [own("mergedBecause"), literal(reason)]),
    ...(node.corrected || []).map((entry) => [own("correctedBy"), literal(entry)]),
    ...(node.more || []),
    ...data.statements.filter((statement) => statement.subject === i && plainly(statement)).map(flat),
  ]);
}

function statementTurtle(statement) {
  const pairs = [
    ["a", own("Statement")],
    [`<${RDF}subject>`, entityName(statement.subject)],
    [`<${RDF}predicate>`, `<${data.relations[statement.relation].iri}>`],
    [`<${RDF}object>`, entityName(statement.object)],
    [own("modality"), own(statement.modality)],
    [own("confidence"), `"${statement.confidence}"^^<${XSD}decimal>`],
    [own("accepted"), String(!statement.doubtful)],
    ...(statement.occurrence === undefined ? [] : [[own("occurrence"), occurrenceName(data.happenings[statement.occurrence])]]),
    ...(statement.literals || []),
    ...statement.supports.map((support) => [own("support"), `<${data.base}support/${statement.id}-${support.digest}>`]),
  ];
  return (plainly(statement) ? described(entityName(statement.subject), [flat(statement)]) : "")
    + described(`<${data.base}statement/${statement.id}>`, pairs);
}

/* Copies where the browser lets a page copy; the text stands selected below the button in any case. */
async function offer(button, name, made) {
  let turtle = "";
  try {
    turtle = remote ? await fetchTurtle(name) : made();
  } catch (error) {
    tell(text("trouble", error.message));
    return;
  }
  const actions = button.closest(".actions");
  const box = element("textarea", { class: "turtle", readonly: "", rows: 8, spellcheck: "false", "aria-label": "Turtle" });
  const told = element("span", { class: "soft", role: "status" }, text("copyByHand"));
  box.value = turtle;
  actions.querySelectorAll("textarea, [role=status]").forEach((old) => old.remove());
  actions.append(told, box);
  box.focus();
  box.select();
  try {
    await navigator.clipboard.writeText(turtle);
    told.textContent = text("copied");
  } catch { /* the reader copies by hand, as the text says */ }
}
