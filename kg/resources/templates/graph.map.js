
/* ---- the map of the whole graph: a picture larger than the window, moved while the reader moves and drawn anew when it ends ---- */

{
  const BEYOND = 0.3;         // of the width and the height of the window that the picture goes on at every side
  const REST = 120;           // milliseconds of rest before a zoom is drawn sharply and the address follows
  const CLOSEST = 6;          // pixels of a unit of the map, of which a line has about ten
  const FITTING = 5;          // likewise, when everything is shown
  const TINTS = 8;
  const ROOMY = 1000;         // pixels of width from which the list of communities is open at first

  const canvas = element("canvas", { tabindex: "0", role: "application", "data-label": "mapHint" });
  const label = element("p", { id: "map-name", role: "status" });
  const empty = element("p", { id: "map-none", hidden: "" });
  const tools = element("div", { id: "map-tools" });
  const list = element("details", { id: "map-list" });
  const screen = canvas.getContext("2d");
  label.hidden = true;
  byId("map").append(canvas, tools, list, label, empty);

  let world = null, key = null, loading = false;
  let camera = { x: 0, y: 0, scale: 1 }, wanted = null, fitted = true, goal = null;
  let front = null;           // the picture that is shown, { canvas, camera, names }
  let job = null, rest = 0, frame = 0, noting = false;
  let hovered = null, colouring = "community", theme = null, listed = null, chosenId = null;

  const size = () => ({ width: canvas.clientWidth, height: canvas.clientHeight, density: Math.min(window.devicePixelRatio || 1, 3) });
  const toScreen = (i) => {
    const { width, height } = size();
    return [(world.x[i] - camera.x) * camera.scale + width / 2, (world.y[i] - camera.y) * camera.scale + height / 2];
  };
  const toWorld = (sx, sy) => {
    const { width, height } = size();
    return [(sx - width / 2) / camera.scale + camera.x, (sy - height / 2) / camera.scale + camera.y];
  };

  /* ---- where the reader looks ---- */

  function look(box, most) {
    const { width, height } = size();
    const free = list.open && width > 560 ? list.offsetWidth + 20 : 0;
    const names = world.there.length < 300 ? 170 : 90;
    const wide = Math.max(width - free - names, 80), tall = Math.max(height - 70, 80);
    const scale = Math.min(most, wide / Math.max(box.right - box.left, 1), tall / Math.max(box.bottom - box.top, 1));
    camera = { scale, x: (box.left + box.right) / 2 + (free - 40) / 2 / scale, y: (box.top + box.bottom) / 2 };
  }

  function fit() {
    look(world.extent, FITTING);
    world.scale = camera.scale;
    fitted = true;
  }

  function bounded(scale) { return Math.min(Math.max(scale, world.scale / 2), Math.max(CLOSEST, 2 * world.scale)); }

  function zoom(factor, sx, sy) {
    const [x, y] = toWorld(sx, sy), { width, height } = size();
    const scale = bounded(camera.scale * factor);
    camera = { scale, x: x - (sx - width / 2) / scale, y: y - (sy - height / 2) / scale };
    turned();
  }

  function pan(dx, dy) {
    camera = { ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale };
    turned();
  }

  function middle() { const { width, height } = size(); return [width / 2, height / 2]; }

  /* After the reader has moved: the picture at hand is shown at once, a sharp one when there is rest. */
  function turned() {
    fitted = false;
    request();
    clearTimeout(rest);
    rest = setTimeout(() => { if (currentView === "map") { sharpen(); note(); } }, REST);
  }

  /* Where the reader looks stands in the address, but not in links, which are made before the reader moves on. */
  function note() {
    noting = true;
    remember(true);
    noting = false;
  }

  /* ---- drawing ---- */

  function request() { if (!frame) frame = requestAnimationFrame(() => { frame = 0; compose(); }); }

  function readTheme() {
    return {
      line: colour("--line"), link: colour("--link"), ink: colour("--ink"), ground: colour("--ground"), none: colour("--tint-none"),
      tints: Array.from({ length: TINTS }, (_, t) => colour(`--tint-${t}`)),
    };
  }

  /* Begins a new picture around where the reader looks. */
  function sharpen() {
    const { width, height, density } = size();
    if (!world || !width || !height) return;
    const wide = Math.round(width * (1 + 2 * BEYOND)), tall = Math.round(height * (1 + 2 * BEYOND));
    const target = job?.picture.canvas || element("canvas");
    target.width = Math.round(wide * density);
    target.height = Math.round(tall * density);
    const picture = { canvas: target, camera: { ...camera }, wide, tall };
    job = { picture, steps: mapPicture.paint(target, world, picture.camera, density, theme) };
    request();
  }

  /* Goes on with the new picture, to its end if the reader need not wait for anything else. */
  function proceed(whole) {
    while (job) {
      if (job.steps.next().done) {
        job.picture.names = mapPicture.names(screen, world, job.picture, size());
        front = job.picture;
        job = null;
      }
      if (!whole) break;
    }
  }

  /* The window has come close to the edge of the picture. */
  function leaving() {
    const { width, height } = size(), ratio = camera.scale / front.camera.scale;
    const spareX = (front.wide * ratio - width) / 2 - Math.abs(camera.x - front.camera.x) * camera.scale;
    const spareY = (front.tall * ratio - height) / 2 - Math.abs(camera.y - front.camera.y) * camera.scale;
    return ratio === 1 && Math.min(spareX / width, spareY / height) < BEYOND / 2;
  }

  function compose() {
    if (!world || currentView !== "map") return;
    const { width, height, density } = size();
    if (job) proceed(false);
    if (!front) { request(); return; }
    if (!job && leaving()) sharpen();
    if (canvas.width !== Math.round(width * density) || canvas.height !== Math.round(height * density)) {
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
    }
    const ratio = camera.scale / front.camera.scale, [mx, my] = middle();
    const left = mx + (front.camera.x - camera.x) * camera.scale - front.wide * ratio / 2;
    const top = my + (front.camera.y - camera.y) * camera.scale - front.tall * ratio / 2;
    screen.setTransform(1, 0, 0, 1, 0, 0);
    screen.clearRect(0, 0, canvas.width, canvas.height);
    screen.drawImage(front.canvas, Math.round(left * density), Math.round(top * density), Math.round(front.wide * ratio * density), Math.round(front.tall * ratio * density));
    screen.setTransform(density, 0, 0, density, 0, 0);
    screen.lineJoin = "round";
    screen.textAlign = "center";
    screen.textBaseline = "top";
    for (const name of front.names) {
      const sx = mx + (name.x - camera.x) * camera.scale, sy = my + (name.y - camera.y) * camera.scale;
      if (sx < -200 || sx > width + 200 || sy < -60 || sy > height + 60) continue;
      screen.font = name.font;
      screen.lineWidth = name.size / 4;
      screen.strokeStyle = theme.ground;
      screen.fillStyle = theme.ink;
      name.rows.forEach((row, k) => screen.strokeText(row, sx + name.left, sy + name.top + k * name.size * 1.2));
      name.rows.forEach((row, k) => screen.fillText(row, sx + name.left, sy + name.top + k * name.size * 1.2));
    }
    if (world.chosen !== null) ring(world.chosen, 3);
    if (hovered !== null) ring(hovered, 2);
    byId("map").dataset.state = job ? "drawing" : "drawn";
    if (job) request();
  }

  function ring(i, width) {
    const [sx, sy] = toScreen(i), r = mapPicture.radius(world, i, camera.scale) + 3;
    for (const [stroke, extra] of [[theme.ground, 3], [theme.link, 0]]) {
      screen.strokeStyle = stroke;
      screen.lineWidth = width + extra;
      screen.beginPath();
      screen.arc(sx, sy, r, 0, 7);
      screen.stroke();
    }
  }

  /* ---- what the reader points at ---- */

  function point(i, sx, sy) {
    label.setAttribute("aria-live", "off");
    mean(i, sx, sy);
  }

  function mean(i, sx, sy) {
    if (i !== hovered) { hovered = i; request(); }
    canvas.classList.toggle("over", i !== null);
    label.hidden = i === null;
    if (i === null) return;
    const { width, height } = size(), type = data.types[world.types[i]];
    const words = world.nodes[i].name + (type ? ` · ${type[language]}` : "");
    if (label.textContent !== words) label.textContent = words;
    label.style.left = `${Math.max(4, Math.min(sx + 14, width - label.offsetWidth - 4))}px`;
    label.style.top = `${Math.max(4, Math.min(sy + 16, height - label.offsetHeight - 4))}px`;
  }

  function find(sx, sy, reach) { return world.near(...toWorld(sx, sy), reach / camera.scale); }

  /* Goes to the entity and what is around it. */
  function enter(i) {
    const known = number.get(world.nodes[i].id);
    if (known !== undefined) visit(known);
    else { currentView = "network"; go({ entity: world.nodes[i].id }); }
  }

  /* Without a pointer, the entity next to the middle is the one that is meant. */
  function aim() {
    label.setAttribute("aria-live", "polite");
    const [mx, my] = middle(), i = find(mx, my, Math.max(mx, my));
    mean(i, ...(i === null ? [0, 0] : toScreen(i)));
  }

  function whole() {
    fit();
    sharpen();
    request();
    note();
  }

  /* ---- around the picture ---- */

  const hands = mapHands(canvas, { ready: () => world !== null, middle, find, meant: () => hovered, pan, zoom, whole, aim, point, enter });

  function fillTools() {
    const tool = (key, sign, act) => element("button", { type: "button", id: `map-${key}`, title: text(key), "aria-label": text(key), onclick: act }, sign);
    tools.replaceChildren(tool("zoomIn", "+", hands.closer), tool("zoomOut", "−", hands.further), tool("wholeMap", "⤢", whole));
  }

  /* Shows a community and selects the entity that it is called after. */
  function chosen(k) {
    goal = k;
    go({ entity: world.nodes[world.named[k]].id });
  }

  function recolour(value) {
    colouring = value;
    draw();
    note();
  }

  /* ---- the view ---- */

  async function begin() {
    loading = true;
    try {
      const overview = await overviewData();
      loading = false;
      world = mapWorld.build(overview, colouring);
      key = null;
      if (currentView === "map") draw();
    } catch (error) {
      loading = false;
      tell(text("trouble", error.message));
    }
  }

  /* Brings the map up to date with the filters, the language, the colours of the page and what is selected. */
  function draw() {
    if (!world) { if (!loading) begin(); return; }
    const first = front === null;
    if (first) list.open = size().width > ROOMY;
    theme = readTheme();
    const now = JSON.stringify([[...hiddenTypes].sort(), colouring, theme]);
    if (key === null || key.now !== now || (world.overview.pairs === null && key.kept !== kept)) {
      const { scale } = world;
      world = mapWorld.build(world.overview, colouring);
      world.scale = scale;
      key = { now, kept };
      hovered = null;
      label.hidden = true;
      listed = null;
    }
    byId("map").classList.toggle("by-community", colouring === "community");
    canvas.setAttribute("aria-label", text("mapHint"));
    if (listed !== language) {
      listed = language;
      fillTools();
      mapList(list, world, { theme, colouring, chosen, recolour });
    }
    empty.hidden = world.there.length > 0;
    empty.textContent = text("mapEmpty");
    const id = selected ? data.nodes[selected.node].id : null;
    mapWorld.choose(world, id);
    if (first) { look(world.extent, FITTING); world.scale = camera.scale; }
    if (wanted) { camera = { ...wanted, scale: bounded(wanted.scale) }; fitted = false; }
    else if (goal !== null) { look(mapWorld.extent(world, world.groups[goal]), FITTING); fitted = false; }
    else if (fitted) fit();
    else if (id !== chosenId && world.chosen !== null) seek();
    [wanted, goal, chosenId] = [null, null, id];
    sharpen();
    proceed(true);
    compose();
    clearTimeout(rest);
    rest = setTimeout(() => { if (currentView === "map") note(); }, REST);
  }

  /* Moves until the selected entity is well inside the window. */
  function seek() {
    const [sx, sy] = toScreen(world.chosen), { width, height } = size();
    if (sx > 0.1 * width && sx < 0.9 * width && sy > 0.1 * height && sy < 0.9 * height) return;
    camera = { ...camera, x: world.x[world.chosen], y: world.y[world.chosen] };
  }

  function fields() {
    const at = [camera.x, camera.y].map((value) => String(Math.round(value)));
    return [...(colouring === "type" ? [["colour", "type"]] : []), ...(fitted || !noting ? [] : [["at", [...at, camera.scale.toPrecision(3)].join(",")]])];
  }

  function read(params) {
    colouring = params.get("colour") === "type" ? "type" : "community";
    const at = /^(-?\d{1,7}),(-?\d{1,7}),(\d{0,3}\.?\d{1,6})$/.exec(params.get("at") || "");
    if (at && Number(at[3]) > 0) wanted = { x: Number(at[1]), y: Number(at[2]), scale: Number(at[3]) };
  }

  byId("fit").addEventListener("click", () => { if (world && currentView === "map") whole(); });
  views.map = { button: "as-map", element: "map", draw, fields, read };

  /* The room has changed: whoever saw everything goes on seeing everything. */
  function settle() {
    if (!world || currentView !== "map" || !size().width) return;
    if (fitted) fit();
    sharpen();
    proceed(true);
    compose();
  }
  new ResizeObserver(settle).observe(canvas);
  list.addEventListener("toggle", settle);
}
