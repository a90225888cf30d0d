// Keys for a chart: arrows go through its points, and a line under it reads each of them.

/** [{text, unit, curve, at}] in rows: a heat map's own, else a row a trace; points without a value are left out. */
function pointRows({ data }) {
  return data.flatMap((trace, curve) => {
    if (Array.isArray(trace.z)) return trace.z.map((row, r) => row.map((_, c) => point(trace, curve, r, c)));
    const along = trace.orientation === "h" ? trace.x : trace.y;
    return [Array.isArray(along) ? along.map((_, k) => point(trace, curve, k)) : []];
  }).map((row) => row.filter(({ text }) => text)).filter((row) => row.length);
}

function point(trace, curve, ...place) {
  const of = (list) => place.reduce((part, k) => (Array.isArray(part) ? part[k] : undefined), list);
  const column = trace.x?.[place.at(-1)], row = trace.y?.[place[0]], value = trace.z ? of(trace.z) : trace.orientation === "h" ? column : row;
  const name = trace.name ? `${trace.name}: ` : "", where = trace.orientation === "h" ? row : column;
  const told = of(trace.hovertext) ?? (value === null || value === undefined ? "" : `${name}${said(where)}, ${said(value)}`);
  const hover = trace.z ? { xval: column ?? place[1], yval: row ?? place[0] } : { curveNumber: curve, pointNumber: place[0] };
  return { text: unmarkedText(String(told)), unit: of(trace.customdata), hover };
}

function said(value) { return typeof value === "number" ? figure(value) : String(value ?? ""); }

/** What plotly's small markup says, as text. */
function unmarkedText(marked) {
  const entities = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
  return marked.replace(/<br>/g, " · ").replace(/<[^>]*>/g, "").replace(/&(lt|gt|amp);/g, (one) => entities[one]);
}

/** One stop for the Tab key, and the line that reads. Returns the way to stop. */
function chartKeys(view) {
  const { root, model } = view, readout = element("div", "xw-readout");
  readout.setAttribute("role", "status");
  root.append(readout);
  view.readout = readout;
  root.setAttribute("tabindex", "0");
  root.setAttribute("role", "application");
  root.setAttribute("aria-roledescription", "chart");
  const leave = () => { readout.textContent = ""; view.at = null; if (view.plot.data) view.plotly?.Fx?.unhover(view.plot); };
  root.addEventListener("keydown", (event) => moveInChart(view, event));
  root.addEventListener("blur", leave);
  const stops = [claimKeys(root), onTraits(model, [["figure", () => nameChart(view)]])];
  nameChart(view);
  return () => stops.forEach((stop) => stop());
}

function nameChart({ root, model }) {
  const title = model.get("figure").layout?.title?.text ?? model.get("figure").layout?.title ?? "Chart";
  root.setAttribute("aria-label", `${unmarkedText(String(title))}. Arrow keys read its points.`);
}

function moveInChart(view, event) {
  const figureNow = view.model.get("figure"), rows = pointRows(figureNow);
  if (!rows.length || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter" && view.at) event.preventDefault(), event.stopPropagation(), choosePoint(view, rows[view.at[0]]?.[view.at[1]]);
  const isUpright = figureNow.data.some(({ orientation }) => orientation === "h"); // bars one below the other
  const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -Infinity], End: [0, Infinity] };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  event.stopPropagation(); // else the notebook's command mode takes the key
  const [down, across] = isUpright && event.key.startsWith("Arrow") ? [move[1], move[0]] : move;
  const [r, c] = view.at ?? [0, 0], row = view.at ? within(r + down, rows.length) : 0;
  view.at = [row, view.at || Math.abs(across) > 1 ? within(c + across, rows[row].length) : 0];
  const now = rows[row][view.at[1]];
  view.readout.textContent = now.text;
  if (view.plot.data) view.plotly?.Fx?.hover(view.plot, now.hover.curveNumber === undefined ? now.hover : [now.hover]);
}

function within(k, n) { return Math.max(0, Math.min(n - 1, k)); }

function choosePoint({ model }, now) {
  if (Number.isInteger(now?.unit)) assign(model, { clicked: now.unit, marked: now.unit });
}
