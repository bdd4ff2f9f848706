
/* ---- the views: the network, and others that lie over it ---- */

/* A view is { button, element, draw(), fields(), read(params) }: the ids of its button and of its element; what brings it up to
   date; its own state as pairs in the fragment, and how that is read again. */
const views = { network: { button: "as-network", element: "network" } };
let currentView = "network";

function viewFields() { return currentView === "network" ? [] : [["view", currentView], ...(views[currentView].fields?.() ?? [])]; }

function readView(wanted) {
  const name = wanted.get("view");
  currentView = name !== null && Object.hasOwn(views, name) ? name : "network";
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
