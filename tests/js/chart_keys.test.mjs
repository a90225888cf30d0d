import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeModel, mount, openPage } from "./fake_page.mjs";

const { default: Chart } = await import(`${process.env.XW_MODULES}/Chart.mjs`);
const host = { getModel: async () => { throw new Error("no plotly here: keys read the figure itself"); } };

function chart(figure) {
  openPage();
  globalThis.ResizeObserver = class { observe() {} disconnect() {} };
  const model = new FakeModel({ figure, marked: -1, clicked: -1, library: "anywidget:1" });
  const { el } = mount({ render: (context) => Chart.render({ ...context, host }) }, model);
  const root = el.querySelector(".xw-chart"), readout = el.querySelector(".xw-readout");
  const press = (...keys) => { keys.forEach((key) => root.dispatch("keydown", { key })); return readout.textContent; };
  return { model, root, readout, press };
}

test("arrow keys go through bars and read them, Enter chooses, and leaving is quiet", () => {
  const bars = { orientation: "h", x: [2, -1], y: ["unit 4", "unit 7"], customdata: [4, 7], hovertext: ["a &lt;b&gt;: +2.00", "c: −1.00"] };
  const { model, root, readout, press } = chart({ data: [bars], layout: { title: { text: "Drug &amp; dose" } } });
  assert.equal(root.getAttribute("aria-label"), "Drug & dose. Arrow keys read its points.");
  press("Enter");
  assert.equal(model.get("clicked"), -1); // nothing is chosen before it was read
  assert.equal(root.dispatch("keydown", { key: "ArrowDown" }).stopped, 1);
  assert.equal(readout.textContent, "a <b>: +2.00");
  assert.equal(press("ArrowDown", "ArrowDown", "ArrowRight"), "c: −1.00");
  press("Enter");
  assert.deepEqual([model.get("clicked"), model.get("marked")], [7, 7]);
  root.dispatch("blur");
  assert.equal(readout.textContent, "");
});

test("a heat map is gone through as it lies", () => {
  const { press } = chart({ data: [{ x: [0, 1], y: [0, 1], z: [[1, null], [0, -1]], hovertext: [["a<br>one", "b<br>one"], ["a<br>two", "b<br>two"]] }], layout: {} });
  assert.equal(press("ArrowRight"), "a · one");
  assert.equal(press("ArrowRight", "ArrowDown"), "b · two");
  assert.equal(press("Home", "ArrowUp"), "a · one");
});

test("curves are read by name and value, and a figure without points has none", () => {
  const { model, root, press } = chart({ data: [{ name: "best", x: [0, 0.5], y: [1, null] }, { name: "random", x: [0, 0.5], y: [1, -0.25] }], layout: { title: "Curves" } });
  assert.equal(press("End"), "best: 0.00, 1.00"); // no value, no point
  assert.equal(press("ArrowDown", "ArrowRight"), "random: 0.50, −0.25");
  root.dispatch("blur");
  model.set("figure", { data: [], layout: {} });
  assert.equal(press("ArrowDown"), "");
  assert.equal(root.getAttribute("aria-label"), "Chart. Arrow keys read its points.");
});
