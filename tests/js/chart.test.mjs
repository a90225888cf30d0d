import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeModel, mount, openPage } from "./fake_page.mjs";

const { default: Chart } = await import(`${process.env.XW_MODULES}/Chart.mjs`);
const LIBRARY = `
  globalThis.loads = (globalThis.loads ?? 0) + 1;
  const handlers = {};
  const Plotly = { drawn: [], handlers, resized: 0, Plots: { resize() { Plotly.resized += 1; } }, purge() {},
    react(plot, data, layout) { Plotly.drawn.push({ data, layout }); plot.data = data; plot._fullLayout = { width: 700 }; plot.on = (name, f) => { handlers[name] = f; }; } };
  globalThis.Plotly = Plotly; module.exports = Plotly;`;
// Node imports data: but not blob: addresses.
globalThis.Blob = class { constructor([text]) { this.source = text; } };
URL.createObjectURL = (blob) => `data:text/javascript,${encodeURIComponent(blob.source)}`;
URL.revokeObjectURL = () => {};
const library = new FakeModel({ source: LIBRARY, version: "test" });
const host = { getModel: async () => library };
const figure = (x) => ({ data: [{ x, customdata: [4, 7], marker: { color: ["#b35806", "#5e3c99"] }, error_x: {} }], layout: { height: 100 } });

function chart(light = "true", frame = (paint) => paint()) {
  const page = openPage({ light });
  globalThis.ResizeObserver = class { observe() {} disconnect() {} };
  globalThis.requestAnimationFrame = frame;
  globalThis.getComputedStyle = () => ({ color: "ink" });
  const model = new FakeModel({ figure: figure([1, 2]), marked: -1, library: "anywidget:1" });
  const made = { model, page, ...mount({ render: (context) => Chart.render({ ...context, host }) }, model) };
  return made;
}
const calm = () => new Promise((resolve) => setTimeout(resolve, 30));

test("plotly is loaded once for all charts and the window's own is put back", async () => {
  globalThis.Plotly = "somebody else's";
  chart(); chart();
  await calm();
  assert.equal(globalThis.loads, 1);
  assert.equal(globalThis.Plotly, "somebody else's");
});

test("what comes together with a chart is painted before it is drawn", async () => {
  const plotly = await globalThis["xwPlotly test"], frames = [], before = plotly.drawn.length;
  chart("true", (paint) => frames.push(paint));
  frames.shift()();
  assert.equal(plotly.drawn.length, before); // one frame was begun, none has ended
  frames.shift()();
  await calm();
  assert.equal(plotly.drawn.length, before + 1);
});

test("a chart is drawn a second time only where its place is of another width", async () => {
  const plotly = await globalThis["xwPlotly test"];
  for (const [width, times] of [[700, 0], [500, 1]]) {
    const before = plotly.resized;
    chart().el.querySelector(".xw-plot").clientWidth = width;
    await calm();
    assert.equal(plotly.resized, before + times);
  }
});

test("figures follow the theme, the mark and the newest state", async () => {
  const { model, page } = chart("false");
  await calm();
  const plotly = await globalThis["xwPlotly test"];
  assert.deepEqual(plotly.drawn.at(-1).data[0].marker.color, ["#e08214", "#9a7fd1"]);
  assert.equal(plotly.drawn.at(-1).layout.font.color, "ink");
  page.setTheme("true");
  for (const x of [1, 2, 3]) model.set("figure", figure([x, x]));
  model.set("marked", 7);
  await calm();
  const last = plotly.drawn.at(-1).data[0];
  assert.deepEqual([last.x, last.marker.color, last.marker.line.width], [[3, 3], ["#b35806", "#5e3c99"], [0, 3]]);
  assert.deepEqual(model.get("figure").data[0].marker, { color: ["#b35806", "#5e3c99"] }); // the state is not touched
});

test("every panel of a figure and every single colour follow the theme", async () => {
  const { model } = chart("false");
  await calm();
  const plotly = await globalThis["xwPlotly test"];
  const line = { color: "#5e3c99" }, marker = { color: "#b35806" };
  model.set("figure", { data: [{ x: [1], line, marker, error_y: {} }], layout: { xaxis: {}, yaxis3: { title: "three" } } });
  await calm();
  const { data: [trace], layout } = plotly.drawn.at(-1);
  assert.deepEqual([trace.line.color, trace.marker.color, trace.error_y.color], ["#9a7fd1", "#e08214", "ink"]);
  assert.deepEqual([layout.yaxis3.tickcolor, layout.yaxis3.title, layout.xaxis.tickcolor], ["ink", "three", "ink"]);
});

test("a click on a bar tells its unit", async () => {
  const { model } = chart();
  await calm();
  (await globalThis["xwPlotly test"]).handlers.plotly_click({ points: [{ customdata: 7 }] });
  assert.deepEqual(model.saved.at(-1), { clicked: 7, marked: 7 });
});

test("a chart that cannot be drawn says why", async () => {
  const { model, el } = chart();
  await calm();
  model.set("figure", { data: null, layout: {} });
  await calm();
  assert.match(el.querySelector(".xw-problem").textContent, /The chart cannot be drawn/);
});

test("a figure without data shows no bare axes", async () => {
  const { model, el } = chart();
  const root = el.children[0];
  await calm();
  assert.equal(root.dataset.empty, "false");
  model.set("figure", { data: [], layout: {} });
  model.save_changes?.();
  await calm();
  assert.equal(root.dataset.empty, "true");
});
