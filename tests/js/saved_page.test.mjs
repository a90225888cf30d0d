import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeModel, FakeNode, HOSTILE, mount, openPage } from "./fake_page.mjs";

const load = async (name) => (await import(`${process.env.XW_MODULES}/${name}.mjs`)).default;
const [Text, Entities, Bars, Host] = await Promise.all(["Text", "Entities", "Bars", "Host"].map(load));

const heat = (scores) => ({ scores, errors: scores.map(() => 0.5), low: scores.map((s) => s - 1), high: scores.map((s) => s + 1),
  active: scores.map(() => true), vmax: 3, base: 0, full: 1, gap: 0, quantity: "log-odds", target: "T", method: "M()", arm: "context", rows: 9, model: "m", hiding: "h", about: "" });
const entity = (parts) => ({ label: "L", text: "t", predicted: true, gold: false, confidence: 0.5, lane: 0, state: "", problem: "", parts: parts.map((i) => [i, 0, 1, false]) });
const picture = { title: HOSTILE, text: { lang: "en", units: [["", "a"], [" ", "b"], [" ", "a"]], after: "" },
  entities: [entity([0]), entity([1])], layers: [{ name: "one", heats: { 0: heat([1, -3, 0]), 1: heat([0, 0, 2]) } }], selected: 0 };

function open() {
  const { body } = openPage();
  const main = new FakeNode("main");
  body.append(main);
  document.querySelector = () => main;
  Host.openPage({ title: "Title", notes: ["note"], pictures: [picture, picture], reports: [] }, { Text, Entities, Bars });
  return main;
}

test("one section per picture, each linked within itself", () => {
  const main = open();
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
  const model = new FakeModel({ ...picture, layer: 0, cursor: -1, hidden: [] });
  const { el } = mount(Bars, model);
  const [bar] = el.querySelectorAll(".xw-fill"), [whisker] = el.querySelectorAll(".xw-whisker");
  assert.deepEqual([bar.style.left, bar.style.right, bar.dataset.sign], ["12.5%", "50%", "lowers"]);
  assert.deepEqual([whisker.style.left, whisker.style.right], ["0%", "75%"]);
});

test("there is no live model: nothing to hide, and hostile titles stay text", () => {
  const main = open();
  const tools = new Set(main.querySelectorAll(".xw-tool").map((tool) => tool.textContent));
  assert.deepEqual([[...tools], main.querySelectorAll("img")], [["One colour scale for all entities"], []]);
  assert.ok(main.querySelector("h2").textContent.includes(HOSTILE));
});
