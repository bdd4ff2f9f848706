
/* ---- the shortest way between two entities over accepted facts that are stated, as far as the filters let them through ---- */

let trail = null;             // the entities from start to goal, both among them
let pathFrom = null;          // where a path starts whose goal the reader is searching

function carries(statement) { return statement.modality === "stated" && !statement.doubtful && !typeHidden(statement); }

/* Breadth first, the entity with the lower number first: the same path every time. */
function findPath(from, to) {
  const before = new Map([[from, null]]);
  const queue = [from];
  for (const i of queue) {
    if (i === to) break;
    const next = statementsOf[i].filter(carries).map((statement) => statement.subject === i ? statement.object : statement.subject);
    for (const j of next.sort((a, b) => a - b)) {
      if (before.has(j)) continue;
      before.set(j, i);
      queue.push(j);
    }
  }
  if (!before.has(to)) return null;
  const way = [];
  for (let i = to; i !== null; i = before.get(i)) way.unshift(i);
  return way;
}

function trace() {
  trail = selected && selected.goal !== undefined ? findPath(selected.node, selected.goal) : null;
  (trail || []).forEach((i, step) => {
    if (!shown.has(i)) reveal(i, positions.get(step ? trail[step - 1] : i) || { x: 0, y: 0 });
  });
}

function trailKeys() { return (trail || []).flatMap((i, step) => step ? [lineKey(trail[step - 1], i)] : []); }

function pathPanel() {
  const { node, goal } = selected;
  return [
    element("h2", {}, entityLink(node), " ⇢ ", entityLink(goal)),
    element("p", { role: "status" }, trail ? text("steps", trail.length - 1) : text("noPath")),
    ...trailKeys().flatMap((key, step) => [
      element("h3", { class: "step" }, `${step + 1}. `, element("bdi", {}, data.nodes[trail[step]].name), " — ", element("bdi", {}, data.nodes[trail[step + 1]].name)),
      ...lines.get(key).statements.filter(carries).map((statement) => statementCard(statement, true)),
    ]),
  ];
}

/* The search box asks for the goal of a path from `i`, or for an entity again when `i` is null. */
function seekPath(i) {
  pathFrom = i;
  const asked = i === null ? text("search") : text("pathTo", data.nodes[i].name);
  search.placeholder = asked;
  search.setAttribute("aria-label", asked);
  if (i === null) return;
  search.value = "";
  search.focus();
}
