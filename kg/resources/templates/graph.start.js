
/* ---- the page begins: last of the scripts, when all the others are read ---- */

byId("language").addEventListener("click", () => { language = language === "zh" ? "en" : "zh"; translate(); });
byId("fit").addEventListener("click", () => network.fit({ animation: false }));
byId("overview").addEventListener("click", () => {
  shown = new Set(start);
  expansions.clear();
  clearFilters();
  index();
  go({});
  network.fit({ animation: false });
});
for (const [name, view] of Object.entries(views)) {
  byId(view.button).addEventListener("click", () => showView(name === currentView ? "network" : name));
}
byId("ask").hidden = !remote;
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
window.addEventListener("hashchange", route);

index();
translate();
network.setSize("100%", "100%");     // the words have taken their room
network.fit({ animation: false });
if (location.hash) route();
