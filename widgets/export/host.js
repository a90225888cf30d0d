// A saved page: the widgets' own modules on a model that lives in the page only.

/** What a widget's module needs of a model; all widgets of a section share one, which links them. */
class SavedModel {
  constructor(state) { this.state = state; this.handlers = new Map(); }
  get(name) { return this.state[name]; }
  set(name, value) {
    if (JSON.stringify(this.state[name]) === JSON.stringify(value)) return;
    this.state[name] = value;
    for (const handler of [...(this.handlers.get(`change:${name}`) ?? [])]) handler();
  }
  save_changes() {}
  on(event, handler) { this.handlers.set(event, [...(this.handlers.get(event) ?? []), handler]); }
  off(event, handler) { this.handlers.set(event, (this.handlers.get(event) ?? []).filter((other) => other !== handler)); }
}

const NO_FIGURE = { data: [], layout: {} };

function section({ title, rows, state, binary, charts }, widgets) {
  const made = element("section", "xw-section");
  const model = new SavedModel({ ...state });
  for (const [name, text] of Object.entries(binary)) model.state[name] = bytes(text);
  if (title) made.append(element("h2", "", title));
  for (const row of rows) made.append(rowNode(row, model, charts, widgets));
  return made;
}

function rowNode(names, model, charts, widgets) {
  const row = element("div", names.length > 1 ? "xw-below" : "xw-alone");
  for (const name of names) {
    const el = element("div", "xw-mount");
    row.append(el);
    if (name === "Chart") mountChart(widgets.Chart, model, charts, el);
    else widgets[name].render({ model, el });
  }
  return row;
}

/** A chart of the shared model: its figure follows the choice of entity and layer, its marks the cursor. */
function mountChart(chart, shared, charts, el) {
  const figureNow = () => charts[`${shared.get("layer")}/${shared.get("selected")}`] ?? charts[""] ?? NO_FIGURE;
  const model = new SavedModel({ figure: figureNow(), marked: shared.get("cursor"), clicked: -1, library: "plotly" });
  onTraits(shared, [["selected layer", () => model.set("figure", figureNow())], ["cursor", () => model.set("marked", shared.get("cursor"))]]);
  onTraits(model, [["clicked", () => shared.set("cursor", model.get("clicked"))]]);
  chart.render({ model, el, host: { getModel: async () => plotlyOfFile() } });
}

function plotlyOfFile() {
  const holder = { source: document.querySelector("#plotly").textContent, version: "of this file" };
  return { get: (name) => holder[name] };
}

/** Bytes that were saved as base64, as a widget gets them from a kernel. */
function bytes(text) {
  const letters = atob(text);
  return new DataView(Uint8Array.from(letters, (letter) => letter.charCodeAt(0)).buffer);
}

function openPage(page, widgets) {
  const main = document.querySelector("main");
  main.replaceChildren(element("h1", "", page.title), ...page.notes.map((note) => element("p", "xw-note", note)));
  main.append(...page.sections.map((saved) => section(saved, widgets)));
  document.body.dataset.ready = String(page.sections.length);
}
