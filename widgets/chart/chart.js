// A plotly figure. plotly.js comes from one holder widget, once per page, however many charts there are.

function render({ model, el, host }) {
  const root = element("div", "xw-chart");
  const plot = element("div", "xw-plot");
  const problem = element("div", "xw-problem");
  root.append(plot, problem);
  el.append(root);
  const view = { model, root, plot, problem, host, isGone: false };
  const draw = () => drawFigure(view);
  const sizes = new ResizeObserver(() => { if (view.plotly && plot.data) view.plotly.Plots.resize(plot); });
  const stops = [chartKeys(view), onTraits(model, [["figure marked", draw]]), followTheme(root, draw), () => sizes.disconnect()];
  sizes.observe(root);
  return () => { view.isGone = true; stops.forEach((stop) => stop()); view.plotly?.purge(plot); };
}

/** Draws the latest state; calls that arrive while one runs are merged into one more. */
async function drawFigure(view) {
  if (view.isDrawing) { view.isStale = true; return; }
  view.isDrawing = true;
  try {
    do { view.isStale = false; await drawOnce(view); } while (view.isStale && !view.isGone);
  } catch (error) {
    view.problem.textContent = `The chart cannot be drawn: ${error.message}`;
  } finally { view.isDrawing = false; }
}

async function drawOnce(view) {
  const { model, root, plot, host } = view;
  if (!view.plotly) await afterPaint(); // drawing takes long: what came together with the chart is seen first
  const figure = model.get("figure");
  view.plotly ??= await plotlyOfPage(await host.getModel(model.get("library")));
  if (view.isGone) return;
  const { data, layout } = themed(root, structuredClone(figure), model.get("marked"));
  await view.plotly.react(plot, data, layout, { displayModeBar: false, displaylogo: false });
  root.dataset.empty = String(!data.length); // bare axes say nothing
  listenOnce(view);
  if (plot.clientWidth !== plot._fullLayout?.width) view.plotly.Plots.resize(plot); // draws all of it once more
  root.dataset.ready = String(Number(root.dataset.ready ?? 0) + 1);
}

/** The next frame but one, or a quarter of a second where nothing is painted (a page in the background). */
function afterPaint() {
  return new Promise((done) => {
    setTimeout(done, 250);
    requestAnimationFrame(() => requestAnimationFrame(() => done()));
  });
}

/** One copy of plotly.js per page and version, whoever asks first. */
function plotlyOfPage(library) {
  const key = `xwPlotly ${library.get("version")}`;
  globalThis[key] ??= importPlotly(library.get("source"));
  return globalThis[key];
}

async function importPlotly(source) {
  const before = globalThis.Plotly;
  const text = `const module = { exports: {} };\n${source}\nexport default module.exports;`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    const plotly = (await import(/* webpackIgnore: true */ url)).default;
    globalThis.Plotly = before; // the library also writes to the window: leave that to whoever was there first
    return plotly;
  } finally { URL.revokeObjectURL(url); }
}

function listenOnce(view) {
  if (view.isListening) return;
  view.isListening = true;
  view.plot.on("plotly_click", (event) => {
    const unit = event.points[0]?.customdata;
    if (Number.isInteger(unit)) assign(view.model, { clicked: unit, marked: unit });
  });
}

const IN_THE_DARK = { "#b35806": "#e08214", "#5e3c99": "#9a7fd1" };

/** A colour of ours, with or without two digits of alpha, or a list of colours, as they are seen on a dark page. */
function inTheDark(color) {
  if (Array.isArray(color)) return color.map(inTheDark);
  return typeof color === "string" ? color.replace(/^#[0-9a-f]{6}/, (solid) => IN_THE_DARK[solid] ?? solid) : color;
}

/** Ink, grid and paper from the page's theme, and an outline round the marked bar. */
function themed(root, { data, layout }, marked) {
  const ink = getComputedStyle(root).color;
  const faint = root.dataset.dark === "true" ? "rgba(255,255,255,.22)" : "rgba(0,0,0,.15)";
  const axis = { gridcolor: faint, zerolinecolor: ink, linecolor: ink, tickcolor: ink };
  const names = new Set(["xaxis", "yaxis", ...Object.keys(layout).filter((name) => /^[xy]axis\d+$/.test(name))]);
  const axes = Object.fromEntries([...names].map((name) => [name, { ...layout[name], ...axis }]));
  for (const trace of data) {
    for (const bar of [trace.error_x, trace.error_y]) if (bar) bar.color = ink;
    if (root.dataset.dark === "true")
      for (const part of [trace.marker, trace.line]) if (part?.color) part.color = inTheDark(part.color);
    if (root.dataset.dark === "true" && trace.colorscale)
      trace.colorscale = trace.colorscale.map(([at, color]) => [at, inTheDark(color)]);
    if (root.dataset.dark === "true" && trace.texttemplate) trace.textfont = { color: ink }; // plotly takes faint cells for light ones
    if (trace.customdata && trace.marker)
      trace.marker.line = { color: ink, width: trace.customdata.map((unit) => (unit === marked ? 3 : 0)) };
  }
  return { data, layout: { ...layout, font: { ...layout.font, color: ink }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    ...axes, autosize: true } };
}

export default { render };
