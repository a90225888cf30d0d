// Curves with bands as a small SVG: axes, a line and a dash for each curve, the numbers folded below.

const SVG_NAMES = "http://www.w3.org/2000/svg"; // a name, never asked for
const FRAME = { width: 460, height: 220, left: 52, right: 12, top: 10, bottom: 40 };
const TICKS = 5;

function curveNode({ caption, x, ys, bands, x_label, y_label, marks = [] }) {
  const part = element("section", "xw-report-part");
  part.append(element("p", "xw-report-caption", caption));
  const all = [...ys.flatMap((y) => y.values), ...bands.flatMap((band) => [...band.low, ...band.high])].filter((value) => value !== null);
  if (!x.length || !all.length) return (part.append(element("p", "xw-report-note", "There is nothing to draw.")), part);
  const scale = { x: axis(x, FRAME.left, FRAME.width - FRAME.right), y: axis(all, FRAME.height - FRAME.bottom, FRAME.top) };
  const picture = svg("svg", "xw-curve", { viewBox: `0 0 ${FRAME.width} ${FRAME.height}`, "aria-label": spoken(caption, x, ys) });
  picture.append(...axisNodes(scale, x_label ?? "", y_label ?? ""), ...marks.filter(({ at }) => at > Math.min(...x) && at < Math.max(...x)).map((mark) => markNode(scale, mark)),
    ...bands.map((band, k) => bandNode(scale, x, band, k)), ...ys.map((y, k) => lineNode(scale, x, y.values, k)));
  const line = readingLine("Arrows move along the curves.");
  part.append(picture, line, legend(ys, bands), numbersBehind(caption, ...curveTable(x, ys, bands, x_label)));
  readable(picture, scale, { x, ys, bands, x_label }, line);
  return part;
}

/** A line to move along the curves, with the pointer or with keys, and the values under it in words. */
function readable(picture, scale, { x, ys, bands, x_label }, line) {
  const cursor = svg("line", "xw-curve-cursor", { y1: FRAME.top, y2: FRAME.height - FRAME.bottom, x1: -9, x2: -9 });
  let at = 0;
  const go = (i) => {
    at = i;
    const words = readAt(i, x, ys, bands, x_label);
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, scale.x.place(x[i]).toFixed(1));
    picture.setAttribute("aria-valuenow", String(i));
    picture.setAttribute("aria-valuetext", words);
    line.textContent = words;
  };
  const attributes = { role: "slider", tabindex: "0", "aria-valuemin": "0", "aria-valuemax": String(x.length - 1), "aria-valuenow": "0", "aria-valuetext": readAt(0, x, ys, bands, x_label) };
  for (const [name, value] of Object.entries(attributes)) picture.setAttribute(name, value);
  picture.append(cursor);
  picture.addEventListener("focusin", () => go(at));
  picture.addEventListener("pointermove", ({ clientX }) => {
    const box = picture.getBoundingClientRect(), wanted = ((clientX - box.left) / box.width) * FRAME.width;
    go(x.reduce((best, value, i) => (Math.abs(scale.x.place(value) - wanted) < Math.abs(scale.x.place(x[best]) - wanted) ? i : best), 0));
  });
  picture.addEventListener("keydown", (event) => {
    const to = steppedTo(event.key, at, x.length, -1); // up is further along, as in any slider
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    go(to);
  });
}

function readAt(i, x, ys, bands, xLabel) {
  const values = ys.map(({ name, values }) => `${name} ${shown(values[i])}`);
  const ranges = bands.map(({ name, low, high }) => `${name} ${shown(low[i])} to ${shown(high[i])}`);
  return `At ${shown(x[i])} ${xLabel ?? ""}: ${[...values, ...ranges].join("; ")}`;
}

function markNode({ x }, { name, at }) {
  const line = svg("g", "xw-curve-mark", {}), place = x.place(at).toFixed(1);
  line.append(svg("line", "xw-grid", { x1: place, x2: place, y1: FRAME.top, y2: FRAME.height - FRAME.bottom }),
    svg("text", "xw-tick", { x: Number(place) + 4, y: FRAME.height - FRAME.bottom - 5 }, name));
  return line;
}

function svg(tag, className, attributes, text = "") {
  const made = document.createElementNS(SVG_NAMES, tag);
  made.setAttribute("class", className);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

/** Round ticks inside the data, and the way from a value to a place between two pixels. */
function axis(values, from, to) {
  const low = Math.min(...values), high = Math.max(...values);
  const span = high > low ? high - low : 1, start = high > low ? low : low - 0.5;
  const step = roundStep(span / TICKS), first = Math.ceil(low / step - 1e-9);
  const ticks = Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) => (first + k) * step);
  return { place: (value) => from + ((value - start) / span) * (to - from), ticks: ticks.length ? ticks : [low] };
}

/** The smallest of 1, 2, 5, 10 times a power of ten that is not below `rough`. */
function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9));
}

function axisNodes({ x, y }, xLabel, yLabel) {
  const bottom = FRAME.height - FRAME.bottom, right = FRAME.width - FRAME.right;
  const across = x.ticks.map((tick) => svg("text", "xw-tick", { x: x.place(tick), y: bottom + 14, "text-anchor": "middle" }, shown(tick)));
  const up = y.ticks.flatMap((tick) => [
    svg("line", "xw-grid", { x1: FRAME.left, x2: right, y1: y.place(tick), y2: y.place(tick) }),
    svg("text", "xw-tick", { x: FRAME.left - 5, y: y.place(tick) + 4, "text-anchor": "end" }, shown(tick)),
  ]);
  const names = [svg("text", "xw-tick", { x: (FRAME.left + right) / 2, y: FRAME.height - 6, "text-anchor": "middle" }, xLabel),
    svg("text", "xw-tick", { transform: `translate(10 ${(FRAME.top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, yLabel)];
  return [...up, ...across, ...names];
}

/** A curve with gaps: one stroke for each stretch without a missing value. */
function lineNode({ x: across, y: up }, x, values, k) {
  let isOpen = false;
  const steps = values.map((value, i) => {
    if (value === null) { isOpen = false; return ""; }
    const step = `${isOpen ? "L" : "M"}${across.place(x[i]).toFixed(1)} ${up.place(value).toFixed(1)}`;
    isOpen = true;
    return step;
  });
  return svg("path", "xw-line-path", { d: steps.join(""), "data-curve": k % 6 });
}

function bandNode({ x: across, y: up }, x, { low, high }, k) {
  const known = x.map((_, i) => i).filter((i) => low[i] !== null && high[i] !== null);
  const corner = (i, values) => `${across.place(x[i]).toFixed(1)},${up.place(values[i]).toFixed(1)}`;
  const points = [...known.map((i) => corner(i, low)), ...known.reverse().map((i) => corner(i, high))];
  return svg("polygon", "xw-band", { points: points.join(" "), "data-curve": k % 6 });
}

function legend(ys, bands) {
  const list = element("ul", "xw-curve-legend");
  const entry = (name, k, kind) => {
    const item = element("li", ""), swatch = svg("svg", "xw-swatch", { viewBox: "0 0 26 8", "aria-hidden": "true" });
    swatch.append(kind === "band" ? svg("rect", "xw-band", { width: 26, height: 8, "data-curve": k % 6 }) : svg("path", "xw-line-path", { d: "M0 4L26 4", "data-curve": k % 6 }));
    item.append(swatch, element("span", "", name));
    return item;
  };
  list.append(...ys.map((y, k) => entry(y.name, k, "line")), ...bands.map((band, k) => entry(band.name, k, "band")));
  return list;
}

function spoken(caption, x, ys) {
  const ends = ys.map(({ name, values }) => `${name} goes from ${shown(values[0])} to ${shown(values.at(-1))}`);
  return `${caption}. From ${shown(x[0])} to ${shown(x.at(-1))}: ${ends.join("; ")}.`;
}

function curveTable(x, ys, bands, xLabel) {
  const columns = [xLabel || "x", ...ys.map((y) => y.name), ...bands.flatMap((band) => [`${band.name}, low`, `${band.name}, high`])];
  return [columns, x.map((at, i) => [at, ...ys.map((y) => y.values[i]), ...bands.flatMap((band) => [band.low[i], band.high[i]])])];
}
