// A saved page: the widgets' own modules on a model that lives in the page only.

/** What a widget's module needs of a model; all widgets of a section share one, which links them. */
class SavedModel {
  constructor(state) { this.state = state; this.handlers = new Map(); this.changed = new Set(); }
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

const DEFAULTS = { layer: 0, scale: "own", cursor: -1, hidden: [], mode: "target", live: false };

function section(picture, widgets) {
  const made = element("section", "xw-section");
  const model = new SavedModel({ ...DEFAULTS, ...picture });
  made.append(element("h2", "", picture.title || "Text"));
  const below = element("div", "xw-below");
  const mounts = { Text: made, Entities: picture.entities.length ? below : null, Bars: picture.layers.length ? below : null };
  for (const [name, widget] of Object.entries(widgets)) if (mounts[name]) mount(widget, model, mounts[name], below);
  return made;
}

function mount(widget, model, parent, below) {
  const el = element("div", "xw-mount");
  parent.append(el);
  widget.render({ model, el });
  if (parent !== below) parent.append(below);
}

function reportSection(report, widget) {
  const made = element("section", "xw-section");
  widget.render({ model: new SavedModel({ report }), el: made });
  return made;
}

function openPage(page, widgets) {
  const main = document.querySelector("main");
  main.replaceChildren(element("h1", "", page.title), ...page.notes.map((note) => element("p", "xw-note", note)));
  const pictures = page.pictures.map((picture) => section(picture, widgets));
  const reports = page.reports.map((report) => reportSection(report, widgets.Report));
  main.append(...pictures, ...reports);
  document.body.dataset.ready = String(pictures.length + reports.length);
}
