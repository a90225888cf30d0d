import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { FakeModel, FakeNode, HOSTILE, mount, openPage } from "./fake_page.mjs";

const load = async (name) => (await import(`${process.env.XW_MODULES}/${name}.mjs`)).default;
const [Text, Entities, Bars, Host] = await Promise.all(["Text", "Entities", "Bars", "Host"].map(load));

const heat = (scores) => ({ scores, errors: scores.map(() => 0.5), low: scores.map((s) => s - 1), high: scores.map((s) => s + 1),
  active: scores.map(() => true), vmax: 3, base: 0, full: 1, gap: 0, quantity: "log-odds", target: "T", method: "M()", arm: "context", rows: 9, model: "m", hiding: "h", about: "" });
const entity = (parts) => ({ label: "L", text: "t", predicted: true, gold: false, confidence: 0.5, lane: 0, state: "", problem: "", parts: parts.map((i) => [i, 0, 1, false]) });
const defaults = JSON.parse(await readFile(new URL("text_defaults.json", `${process.env.XW_MODULES}/`), "utf8"));
const picture = { ...defaults, text: { lang: "en", units: [["", "a"], [" ", "b"], [" ", "a"]], after: "" },
  entities: [entity([0]), entity([1])], layers: [{ name: "one", heats: { 0: heat([1, -3, 0]), 1: heat([0, 0, 2]) } }], selected: 0 };
const section = { title: HOSTILE, rows: [["Text"], ["Entities", "Bars"]], state: picture, binary: {}, charts: {} };

/** Stands in for plotly: shows the name of its figure and what is marked; a click on it clicks unit 2. */
const Chart = { render({ model, el }) {
  const draw = () => { el.dataset.chart = `${model.get("figure").name} ${model.get("marked")}`; };
  for (const name of ["figure", "marked"]) model.on(`change:${name}`, draw);
  el.addEventListener("click", () => { model.set("clicked", 2); model.save_changes(); });
  draw();
} };

function open(...sections) {
  const { body } = openPage();
  const main = new FakeNode("main");
  body.append(main);
  document.querySelector = () => main;
  Host.openPage({ title: "Title", notes: ["note"], sections }, { Text, Entities, Bars, Chart });
  return main;
}

test("one section per picture, each linked within itself", () => {
  const main = open(section, section);
  const [first, second] = main.querySelectorAll(".xw-section");
  const names = (part) => part.querySelectorAll(".xw-bar-name").map((name) => name.textContent);
  assert.deepEqual(names(first), ["b", "a (1)"]); // a score of 0 has no bar
  first.querySelectorAll(".xw-row")[1].dispatch("click");
  assert.deepEqual([names(first), names(second)], [["a (3)"], ["b", "a (1)"]]);
  assert.equal(first.querySelectorAll(".xw-unit")[1].getAttribute("aria-selected"), "true");
  first.querySelector(".xw-bar-row").dispatch("click");
  assert.equal(first.querySelectorAll(".xw-unit")[2].dataset.cursor, "true");
});

test("bars start at zero and whiskers span the interval", () => {
  openPage();
  const model = new FakeModel({ ...picture });
  const { el } = mount(Bars, model);
  const [bar] = el.querySelectorAll(".xw-fill"), [whisker] = el.querySelectorAll(".xw-whisker");
  assert.deepEqual([bar.style.left, bar.style.right, bar.dataset.sign], ["12.5%", "50%", "lowers"]);
  assert.deepEqual([whisker.style.left, whisker.style.right], ["0%", "75%"]);
});

test("there is no live model: nothing to hide, and hostile titles stay text", () => {
  const main = open(section, section);
  const tools = new Set(main.querySelectorAll(".xw-tool").map((tool) => tool.textContent));
  assert.deepEqual([[...tools], main.querySelectorAll("img")], [["One colour scale for all entities"], []]);
  assert.ok(main.querySelector("h2").textContent.includes(HOSTILE));
});

test("a chart follows the choice of entity, and clicks on it move the cursor", () => {
  const charts = { "0/0": { name: "first" }, "0/1": { name: "second" } };
  const main = open({ ...section, rows: [["Text"], ["Entities", "Chart"]], charts });
  const chart = main.querySelectorAll(".xw-mount").at(-1);
  assert.equal(chart.dataset.chart, "first -1");
  main.querySelectorAll(".xw-row")[1].dispatch("click");
  assert.equal(chart.dataset.chart, "second -1");
  chart.dispatch("click");
  assert.equal(chart.dataset.chart, "second 2");
  assert.equal(main.querySelectorAll(".xw-unit")[2].dataset.cursor, "true");
});

test("binary state arrives as a view of its bytes, and a section needs no title", () => {
  let seen;
  const { body } = openPage(), main = new FakeNode("main");
  body.append(main);
  document.querySelector = () => main;
  const Probe = { render({ model }) { seen = model.get("codes"); } };
  Host.openPage({ title: "T", notes: [], sections: [{ title: "", rows: [["Probe"]], state: {}, binary: { codes: "AQL/" }, charts: {} }] }, { Probe });
  assert.deepEqual([seen.getUint8(0), seen.getUint8(1), seen.getUint8(2), seen.byteLength], [1, 2, 255, 3]);
  assert.equal(main.querySelectorAll("h2").length, 0);
});
