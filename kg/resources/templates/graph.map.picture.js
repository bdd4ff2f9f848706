
/* ---- the picture of the map: faint edges, nodes as dots, names that do not cover each other ---- */

const mapPicture = (() => {
  const SLICE = 500000;       // pixels of edges, or so, that are drawn before the page may do something else
  const DOTS = 5000;          // nodes likewise
  const NAMES = 70;           // names on one picture at most
  const TRIES = 400;          // nodes that are tried for a name
  const LARGE = 4;            // pixels of the radius of a dot that no name may cover
  const SMALL = 600;          // pixels of a window whose names are smaller
  const DARKEST = 0.6;        // of many edges over each other

  /* The part of a line inside the picture, or null (Liang and Barsky). */
  function clipped(x0, y0, x1, y1, width, height) {
    const dx = x1 - x0, dy = y1 - y0;
    let from = 0, to = 1;
    for (const [p, q] of [[-dx, x0], [dx, width - x0], [-dy, y0], [dy, height - y0]]) {
      if (p === 0) { if (q < 0) return null; continue; }
      const r = q / p;
      if (p < 0) { if (r > to) return null; if (r > from) from = r; } else { if (r < from) return null; if (r < to) to = r; }
    }
    return [x0 + from * dx, y0 + from * dy, x0 + to * dx, y0 + to * dy];
  }

  /* Adds a line to the ink on every pixel; the ink of a step is shared by the two pixels next to it (Wu). Returns the steps. */
  function trace(ink, width, height, x0, y0, x1, y1) {
    const dx = x1 - x0, dy = y1 - y0, wide = Math.abs(dx) >= Math.abs(dy);
    const steps = Math.max(1, Math.ceil(wide ? Math.abs(dx) : Math.abs(dy)));
    const stepX = dx / steps, stepY = dy / steps, beside = wide ? width : 1;
    for (let k = 0, x = x0, y = y0; k < steps; k += 1, x += stepX, y += stepY) {
      const across = wide ? y : x, whole = Math.floor(across), share = across - whole;
      const at = wide ? whole * width + Math.round(x) : Math.round(y) * width + whole;
      ink[at] += 1 - share;
      ink[at + beside] += share;
    }
    return steps;
  }

  function rgb(context, name) {
    context.fillStyle = name;
    context.fillRect(0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data;
  }

  /* The better an entity is connected, the larger is its dot; zooming in makes dots larger only up to a point. */
  function radius(world, i, scale) {
    const root = Math.sqrt(world.degree[i]);
    return Math.max(0.9, Math.min(16, 4 + 2 * root, (1.5 + 0.9 * root) * scale));
  }

  /* Draws the world as `camera` sees it onto a canvas, in slices. `camera` is { x, y, scale } of the middle; a pixel of the screen has
     `density` of the canvas. */
  function* paint(canvas, world, camera, density, theme) {
    const { width, height } = canvas, context = canvas.getContext("2d", { willReadFrequently: true });
    const scale = camera.scale * density;
    const toX = (x) => (x - camera.x) * scale + width / 2, toY = (y) => (y - camera.y) * scale + height / 2;
    const ink = new Float32Array(width * (height + 2) + 2);
    const colour = rgb(context, theme.line);
    context.clearRect(0, 0, width, height);
    let work = 0, all = 0;
    for (let k = 0; k < world.pairs.length; k += 2) {
      const a = world.pairs[k], b = world.pairs[k + 1];
      const part = clipped(toX(world.x[a]), toY(world.y[a]), toX(world.x[b]), toY(world.y[b]), width - 2, height - 2);
      const steps = part ? trace(ink, width, height, ...part) : 0;
      all += steps;
      work += steps + 8;
      if (work > SLICE) { work = 0; yield; }
    }
    const image = context.createImageData(width, height), pixels = image.data;
    // One line is clear where there are few and faint where there are many.
    const single = 0.5 / (1 + 3 * Math.sqrt(all / (width * height)));
    for (let at = 0, p = 0; at < width * height; at += 1, p += 4) {
      if (at % (2 * SLICE) === 0) yield;
      if (ink[at] === 0) continue;
      pixels[p] = colour[0]; pixels[p + 1] = colour[1]; pixels[p + 2] = colour[2];
      pixels[p + 3] = 255 * DARKEST * (1 - Math.exp(-ink[at] * single / DARKEST));
    }
    context.putImageData(image, 0, 0);
    yield;
    if (world.chosen !== null) {
      context.strokeStyle = theme.link;
      context.lineWidth = 1.2 * density;
      context.globalAlpha = 0.7;
      context.beginPath();
      for (const j of world.beside) {
        context.moveTo(toX(world.x[world.chosen]), toY(world.y[world.chosen]));
        context.lineTo(toX(world.x[j]), toY(world.y[j]));
      }
      context.stroke();
      context.globalAlpha = 1;
    }
    const inside = (i, r) => toX(world.x[i]) > -r && toX(world.x[i]) < width + r && toY(world.y[i]) > -r && toY(world.y[i]) < height + r;
    let drawn = 0;
    for (const [fill, members] of world.coloured(theme)) {
      context.fillStyle = fill;
      context.beginPath();
      for (const i of members) {
        const r = radius(world, i, camera.scale) * density;
        if (!inside(i, r)) continue;
        const x = toX(world.x[i]), y = toY(world.y[i]);
        if (r < 1.8) context.rect(x - r, y - r, 2 * r, 2 * r);
        else { context.moveTo(x + r, y); context.arc(x, y, r, 0, 7); }
        drawn += 1;
        if (drawn % DOTS === 0) { context.fill(); context.beginPath(); yield; }
      }
      context.fill();
    }
  }

  function apart(a, b) { return a.left > b.right || b.left > a.right || a.top > b.bottom || b.top > a.bottom; }

  /* The boxes of the dots that are large enough to be looked at each by itself. */
  function large(world, camera, width, height) {
    const found = [];
    for (const i of world.ranked) {
      const r = radius(world, i, camera.scale);
      if (r < LARGE || found.length >= TRIES) break;
      const x = (world.x[i] - camera.x) * camera.scale, y = (world.y[i] - camera.y) * camera.scale;
      if (Math.abs(x) < width / 2 && Math.abs(y) < height / 2) found.push({ i, left: x - r, right: x + r, top: y - r, bottom: y + r });
    }
    return found;
  }

  /* Chooses the names to show on a picture: communities first, then entities from the best connected downwards, none over another
     and, where they can be, none cut by the edge of the window. Each has its place in the world and its box in pixels beside that. */
  function names(context, world, { camera, wide: width, tall: height }, { width: room, height: depth }) {
    const boxes = [], chosen = [], small = Math.min(room, 1.4 * depth) < SMALL ? 3 : 0, dots = large(world, camera, width, height);
    const whole = (box) => box.left > -room / 2 && box.right < room / 2 && box.top > -depth / 2 && box.bottom < depth / 2;
    const free = (box) => boxes.every((other) => apart(other, box));
    const clear = (box, i) => dots.every((dot) => dot.i === i || apart(dot, box));
    const marked = dots.filter((dot) => dot.i === world.chosen);
    const away = (box, i) => marked.every((dot) => dot.i === i || apart(dot, box));
    const put = (i, size, weight, spots, must) => {
      const sx = (world.x[i] - camera.x) * camera.scale, sy = (world.y[i] - camera.y) * camera.scale;
      if (Math.abs(sx) > width / 2 || Math.abs(sy) > height / 2) return;
      const rows = world.label(i).split("\n"), font = `${weight} ${size}px ${world.font}`;
      context.font = font;
      const wide = Math.max(...rows.map((row) => context.measureText(row).width)), tall = rows.length * size * 1.2;
      const r = radius(world, i, camera.scale) + 3;
      const made = spots.map((spot) => {
        const left = spot === "right" ? r : spot === "left" ? -r - wide : -wide / 2;
        const top = spot === "below" ? r : spot === "above" ? -r - tall : -tall / 2;
        const box = { left: sx + left - 3, right: sx + left + wide + 3, top: sy + top - 2, bottom: sy + top + tall + 2 };
        return { box, left: left + wide / 2, top };
      }).filter(({ box }) => free(box) && away(box, i));
      const cut = must || Math.abs(sx) > room / 2 || Math.abs(sy) > depth / 2;
      const best = made.find(({ box }) => whole(box) && clear(box, i)) || (cut && made.find(({ box }) => clear(box, i)))
        || (must && (made.find(({ box }) => whole(box)) || made[0]));
      if (!best) return;
      boxes.push(best.box);
      chosen.push({ i, rows, font, size, x: world.x[i], y: world.y[i], left: best.left, top: best.top });
    };
    const sides = ["below", "above", "right", "left"];
    if (world.chosen !== null) put(world.chosen, 14 - small, "bold", sides, true);
    world.hubs.forEach((i, k) => { if (i !== world.chosen) put(i, (k < 6 ? 17 : k < 20 ? 15 : 13) - small, "bold", [...sides, "over"], true); });
    const hubs = new Set([...world.hubs, world.chosen]);
    let tries = 0;
    for (const i of world.ranked) {
      if (chosen.length >= NAMES || tries >= TRIES || radius(world, i, camera.scale) < 3) break;
      if (hubs.has(i) || Math.abs(world.x[i] - camera.x) * camera.scale > width / 2 || Math.abs(world.y[i] - camera.y) * camera.scale > height / 2) continue;
      tries += 1;
      put(i, 12, "normal", sides, false);
    }
    return chosen;
  }

  return { paint, names, radius };
})();
