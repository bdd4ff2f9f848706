
/* ---- search over names and aliases, in this page or by the server; what is found stands by type ---- */

const HITS = 30;              // so many are listed, the best ones
const WAIT = 120;             // milliseconds of silence before the server is asked
const search = byId("search"), results = byId("results");
let found = [], active = -1, waiting = null;

let haystack = null;          // names and aliases, made when they are first asked for

function pile() {
  haystack ??= data.nodes.map((node) => [node.name, ...(node.aliases || [])].join("\n").toLowerCase());
}

function matching(query) {
  pile();
  const fit = [[], [], []];
  for (const i of ranked) {
    const at = haystack[i].indexOf(query);
    if (at >= 0) fit[haystack[i] === query || haystack[i].startsWith(`${query}\n`) ? 0 : at === 0 ? 1 : 2].push(i);
  }
  const all = fit.flat();
  const counts = new Map();
  for (const i of all) counts.set(data.nodes[i].type, (counts.get(data.nodes[i].type) || 0) + 1);
  return {
    counts,
    hits: all.slice(0, HITS).map((i) => {
      const node = data.nodes[i];
      const alias = node.name.toLowerCase().includes(query) ? null : (node.aliases || []).find((name) => name.toLowerCase().includes(query));
      return { id: node.id, name: node.name, type: node.type, alias };
    }),
  };
}

async function asking(query) {
  const answer = await fetchJson(`api/search?${new URLSearchParams({ q: query, limit: HITS })}`);
  const type = (name) => data.types.findIndex((known) => known.name === name);
  const counts = new Map(Object.entries(answer.counts || {}).map(([name, count]) => [type(name), count]));
  return { counts, hits: answer.hits.map((hit) => ({ ...hit, type: type(hit.type) })).filter((hit) => hit.type >= 0) };
}

function option(hit, place) {
  return element("li", { id: `result-${place}`, role: "option", onmousedown: (event) => { event.preventDefault(); choose(place); } },
    mark(data.types[hit.type]), " ", element("bdi", {}, hit.name), hit.alias ? element("span", { class: "soft" }, " = ", element("bdi", {}, hit.alias)) : null);
}

function list({ hits, counts }) {
  const groups = new Map();
  for (const hit of hits) groups.set(hit.type, [...(groups.get(hit.type) || []), hit]);
  found = [...groups.values()].flat();
  active = found.length ? 0 : -1;
  let place = 0;
  results.replaceChildren(...[...groups].map(([type, members]) => {
    const heading = `${data.types[type][language]} ${counts.get(type) ?? members.length}`;
    return element("ul", { role: "group", "aria-label": heading }, element("li", { role: "presentation", class: "heading" }, heading),
      ...members.map((hit) => option(hit, place++)));
  }));
  if (!found.length) results.replaceChildren(element("ul", { role: "group" }, element("li", { role: "option", "aria-disabled": "true" }, text("noResult"))));
  opened(true);
  point();
}

function lookUp() {
  const query = search.value.trim().toLowerCase();
  clearTimeout(waiting);
  if (!query) {
    found = [];
    opened(false);
  } else if (remote) {
    waiting = setTimeout(async () => {
      try {
        const answer = await asking(query);
        if (query === search.value.trim().toLowerCase() && document.activeElement === search) list(answer);
      } catch (error) {
        tell(text("trouble", error.message));
      }
    }, WAIT);
  } else list(matching(query));
}

function opened(is) {
  results.hidden = !is;
  search.setAttribute("aria-expanded", String(is));
  if (!is) search.removeAttribute("aria-activedescendant");
}

function point() {
  results.querySelectorAll("[role=option]").forEach((item, place) => item.setAttribute("aria-selected", String(place === active)));
  const item = active >= 0 ? byId(`result-${active}`) : null;
  if (!item) return search.removeAttribute("aria-activedescendant");
  search.setAttribute("aria-activedescendant", item.id);
  item.scrollIntoView({ block: "nearest" });
}

function choose(place) {
  const hit = found[place];
  if (hit === undefined) return;
  opened(false);
  search.value = hit.name;
  if (currentView === "map") currentView = "network";
  go(pathFrom === null ? { entity: hit.id } : { entity: data.nodes[pathFrom].id, path: hit.id });
  seekPath(null);
}

search.addEventListener("input", lookUp);
search.addEventListener("focus", () => {
  if (!remote) setTimeout(pile);     // before the first letter is typed
  if (search.value) search.select();
});
search.addEventListener("blur", () => opened(false));
search.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && found.length) { active = (active + step + found.length) % found.length; point(); event.preventDefault(); }
  else if (event.key === "Enter") choose(active);
  else if (event.key === "Escape") { opened(false); seekPath(null); }
});
