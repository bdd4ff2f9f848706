
/* ---- what the map shows: the places of all entities, the lines between them, and what the filters leave of both ---- */

/* The overview of the whole graph. Nodes are named by their place in it; the server sends its own nodes and pairs with it. */
async function overviewData() {
  const overview = remote ? await fetchJson("explorer/overview") : data.overview;
  return { ...overview, nodes: overview.nodes || data.nodes, pairs: overview.pairs || null };
}

const mapWorld = (() => {
  const CELLS = 64;           // of the grid for finding a node, along a side

  function typeOf(node) { return typeof node.type === "number" ? node.type : data.types.findIndex((type) => type.name === node.type); }

  /* Lines between the nodes of the map, one number after the other. Those of a file pass the filters of statements. */
  function pairsOf(overview) {
    if (overview.pairs) return overview.pairs;
    return [...lines.values()].flatMap((line) => [line.from, line.to]);
  }

  /* The world of the moment: nodes that are shown, by community or by type, their lines, and where they lie. */
  function build(overview, colouring) {
    const { nodes, x, y } = overview, count = nodes.length;
    const types = nodes.map(typeOf);
    const open = (i) => !hiddenTypes.has(types[i]);
    const all = pairsOf(overview), pairs = [], degree = new Uint32Array(count);
    for (let k = 0; k < all.length; k += 2) {
      if (!open(all[k]) || !open(all[k + 1])) continue;
      pairs.push(all[k], all[k + 1]);
      degree[all[k]] += 1;
      degree[all[k + 1]] += 1;
    }
    const alone = (i) => overview.pairs === null && !statementsOf[i].length;
    const there = nodes.map((_, i) => i).filter((i) => open(i) && !alone(i));
    const ranked = [...there].sort((a, b) => degree[b] - degree[a] || a - b);
    const groups = overview.communities.map(() => []);
    const aside = [];
    for (const i of there) (overview.community[i] < 0 ? aside : groups[overview.community[i]]).push(i);
    const kinds = data.types.map(() => []);
    for (const i of there) kinds[types[i]]?.push(i);
    const shownNow = new Set(there);
    // A community is called after its best connected member, or after the best of those that the filters leave.
    const named = groups.map((members, k) => shownNow.has(overview.communities[k]) ? overview.communities[k]
      : members.reduce((best, i) => best === undefined || degree[i] > degree[best] ? i : best, undefined));
    const world = {
      overview, types, named, nodes, x, y, pairs, degree, there, ranked, groups, aside, chosen: null, beside: [], scale: 1,
      hubs: named.filter((_, k) => groups[k].length > 0),
      font: getComputedStyle(document.body).fontFamily,
      label: (i) => nodes[i].label || nodes[i].name,
      coloured: (theme) => colouring === "type"
        ? kinds.map((members, t) => [data.types[t].colour, members])
        : [[theme.none, aside], ...theme.tints.map((fill, t) => [fill, groups.flatMap((members, k) => overview.tints[k] === t ? members : [])])],
    };
    world.extent = extent(world, there);
    world.near = finder(world);
    return world;
  }

  /* The smallest box around nodes: { left, top, right, bottom }. */
  function extent(world, members) {
    const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    for (const i of members) {
      box.left = Math.min(box.left, world.x[i]); box.right = Math.max(box.right, world.x[i]);
      box.top = Math.min(box.top, world.y[i]); box.bottom = Math.max(box.bottom, world.y[i]);
    }
    return members.length ? box : { left: 0, top: 0, right: 0, bottom: 0 };
  }

  /* Returns a function that finds the node next to a place, at most `reach` away, or null. */
  function finder(world) {
    const { left, top, right, bottom } = world.extent, cell = Math.max(right - left, bottom - top, 1) / CELLS;
    const column = (x) => Math.min(CELLS, Math.max(0, Math.floor((x - left) / cell)));
    const row = (y) => Math.min(CELLS, Math.max(0, Math.floor((y - top) / cell)));
    const grid = Array.from({ length: (CELLS + 1) ** 2 }, () => []);
    for (const i of world.there) grid[row(world.y[i]) * (CELLS + 1) + column(world.x[i])].push(i);
    return (x, y, reach) => {
      let best = null, least = reach * reach;
      for (let r = row(y - reach); r <= row(y + reach); r += 1) {
        for (let c = column(x - reach); c <= column(x + reach); c += 1) {
          for (const i of grid[r * (CELLS + 1) + c]) {
            const away = (world.x[i] - x) ** 2 + (world.y[i] - y) ** 2;
            if (away < least || (away === least && best !== null && world.degree[i] > world.degree[best])) { best = i; least = away; }
          }
        }
      }
      return best;
    };
  }

  /* Marks an entity as selected, with its neighbours that are shown. */
  function choose(world, id) {
    const shownNow = new Set(world.there);
    const i = id === null ? -1 : world.nodes.findIndex((node) => node.id === id);
    world.chosen = i < 0 ? null : i;
    world.beside = [];
    if (i < 0) return;
    for (let k = 0; k < world.pairs.length; k += 2) {
      if (world.pairs[k] === i) world.beside.push(world.pairs[k + 1]);
      if (world.pairs[k + 1] === i) world.beside.push(world.pairs[k]);
    }
    world.beside = [...new Set(world.beside)].filter((j) => shownNow.has(j));
  }

  return { build, choose, extent };
})();
