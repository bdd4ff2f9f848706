
/* ---- the map in words: its communities with their sizes, and what the colours mean ---- */

/* Fills the list. `chosen` is told the number of a community, `recolour` what the colours shall mean. */
function mapList(list, world, { theme, colouring, chosen, recolour }) {
  const there = world.groups.flatMap((members, k) => members.length ? [k] : []);

  function follow(event, k) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;     // the link opens beside this page
    event.preventDefault();
    chosen(k);
  }

  function item(k) {
    const i = world.named[k], size = world.groups[k].length;
    return element("li", {},
      mark({ shape: "dot", colour: colouring === "type" ? theme.none : theme.tints[world.overview.tints[k]] }),
      element("a", { href: address({ entity: world.nodes[i].id }), onclick: (event) => follow(event, k) }, element("bdi", {}, world.nodes[i].name)),
      element("span", { class: "soft", title: text("communitySize", size) }, ` ${size}`));
  }

  const option = (value, words) => element("option", { value, ...(colouring === value ? { selected: "" } : {}) }, words);
  const held = document.activeElement?.id === "map-colours";
  list.replaceChildren(
    element("summary", {}, text("communities", there.length)),
    element("div", {},
      element("label", {}, `${text("mapColours")} `, element("select", { id: "map-colours", onchange: (event) => recolour(event.target.value) },
        option("community", text("byCommunity")), option("type", text("byType")))),
      remote ? element("p", { class: "soft" }, text("mapPart", world.nodes.length)) : null,
      element("ol", {}, ...there.map(item)),
      world.aside.length ? element("p", { class: "soft" }, text("aside", world.aside.length)) : null));
  if (held) byId("map-colours").focus();
}
