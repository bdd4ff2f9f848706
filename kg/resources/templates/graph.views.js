
/* ---- the views: the network, and others that lie over it ---- */

/* A view is { button, element, draw(), fields(), read(params) }: the ids of its button and of its element; what brings it up to
   date; its own state as pairs in the fragment, and how that is read again. */
const views = { network: { button: "as-network", element: "network" } };
let currentView = "network";
let only = false;             // lists hold what is stated of the selected entity alone

function ofInterest(statement) { return !only || !selected || statement.subject === selected.node || statement.object === selected.node; }

/* The box that ties a list to what is selected. */
function onlyBox() {
  if (!selected) return null;
  const box = element("input", { type: "checkbox", id: "only", onchange: () => { only = box.checked; drawView(); remember(true); byId("only").focus(); } });
  box.checked = only;
  return element("label", {}, box, " ", text("only", data.nodes[selected.node].name));
}

function viewFields() {
  return currentView === "network" ? [] : [["view", currentView], ...(only ? [["only", "1"]] : []), ...(views[currentView].fields?.() ?? [])];
}

function readView(wanted) {
  const name = wanted.get("view");
  currentView = name !== null && Object.hasOwn(views, name) ? name : "network";
  only = wanted.get("only") === "1";
  views[currentView].read?.(wanted);
}

function drawView() {
  for (const [name, view] of Object.entries(views)) {
    byId(view.button).setAttribute("aria-pressed", String(name === currentView));
    if (name !== "network") byId(view.element).hidden = name !== currentView;
  }
  // The network keeps its size while it is away; a canvas that is not displayed would lose it.
  byId("network").inert = currentView !== "network";
  byId("network").classList.toggle("away", currentView !== "network");
  views[currentView].draw?.();
}

function showView(name) {
  currentView = name;
  drawView();
  remember(false);
  if (name === "network" && selected && nodeSet.get(selected.node)) network.focus(selected.node, { animation: false });
}

/* Goes to an entity among its neighbours. */
function visit(i) {
  currentView = "network";
  go({ entity: data.nodes[i].id });
}
