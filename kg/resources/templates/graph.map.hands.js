
/* ---- the hands of the reader on the map: pointer, fingers, wheel and keys ---- */

/* `map` is { ready(), middle(), find(x, y, reach), meant(), pan(dx, dy), zoom(factor, x, y), whole(), aim(), point(node, x, y), enter(node) }
   in pixels of the canvas. */
function mapHands(canvas, map) {
  const NEAR = 9;             // pixels around a node where it is meant
  const STILL = 4;            // pixels that a click may move
  const STEP = 0.15;          // of the window that an arrow key moves
  const FACTOR = 1.4;         // of a step of zooming
  const LINE = 33, PAGE = 400;  // pixels that a wheel means which tells lines or pages

  const pointers = new Map();
  let moved = 0, apart = 0;

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  function under(event) { return map.find(...place(event), event.pointerType === "touch" ? 2 * NEAR : NEAR); }

  function pinch() {
    const [[ax, ay], [bx, by]] = [...pointers.values()].map(place);
    const now = Math.hypot(ax - bx, ay - by);
    if (apart && now) map.zoom(now / apart, (ax + bx) / 2, (ay + by) / 2);
    apart = now;
    moved = Infinity;
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (!map.ready() || event.button > 0) return;
    canvas.setPointerCapture(event.pointerId);
    if (!pointers.size) moved = 0;
    pointers.set(event.pointerId, event);
    apart = 0;
  });

  canvas.addEventListener("pointermove", (event) => {
    if (!map.ready()) return;
    const before = pointers.get(event.pointerId);
    if (!before) { map.point(under(event), ...place(event)); return; }
    pointers.set(event.pointerId, event);
    if (pointers.size === 2) pinch();
    const dx = event.clientX - before.clientX, dy = event.clientY - before.clientY;
    moved += Math.hypot(dx, dy);
    if (moved < STILL) return;
    canvas.classList.add("held");
    map.point(null);
    map.pan(dx / pointers.size, dy / pointers.size);
  });

  function release(event) {
    const clicked = pointers.delete(event.pointerId) && !pointers.size && moved < STILL && event.type === "pointerup";
    apart = 0;
    canvas.classList.toggle("held", pointers.size > 0 && moved >= STILL);
    const node = clicked ? under(event) : null;
    if (node !== null) map.enter(node);
  }
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => map.point(null));
  canvas.addEventListener("blur", () => map.point(null));

  canvas.addEventListener("wheel", (event) => {
    if (!map.ready()) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? PAGE : 1;
    map.zoom(Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.002)), ...place(event));
  }, { passive: false });

  const across = () => 2 * STEP * map.middle()[0], down = () => 2 * STEP * map.middle()[1];
  const closer = () => map.zoom(FACTOR, ...map.middle()), further = () => map.zoom(1 / FACTOR, ...map.middle());
  const keys = {
    ArrowLeft: () => map.pan(across(), 0), ArrowRight: () => map.pan(-across(), 0), ArrowUp: () => map.pan(0, down()), ArrowDown: () => map.pan(0, -down()),
    "+": closer, "=": closer, "-": further, 0: map.whole, Home: map.whole,
  };
  canvas.addEventListener("keydown", (event) => {
    if (!map.ready() || event.ctrlKey || event.altKey || event.metaKey || !(event.key === "Enter" || Object.hasOwn(keys, event.key))) return;
    event.preventDefault();
    if (event.key !== "Enter") { keys[event.key](); map.aim(); return; }
    if (map.meant() === null) map.aim();
    else map.enter(map.meant());
  });

  return { closer, further };
}
