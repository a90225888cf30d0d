import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeModel, HOSTILE, mount, openPage } from "./fake_page.mjs";

const load = async (name) => (await import(`${process.env.XW_MODULES}/${name}.mjs`)).default;
const Entities = await load("Entities"), Status = await load("Status");

function entity(label, more = {}) {
  return { label, text: `${label}!`, predicted: true, gold: false, confidence: 0.876, state: "", problem: "", ...more };
}

function list(entities, selected = -1) {
  openPage();
  const model = new FakeModel({ entities, selected });
  return { model, ...mount(Entities, model) };
}

test("rows say label, text, where an entity comes from and how sure the model is", () => {
  const { el } = list([entity("A"), entity("B", { gold: true }), entity("C", { predicted: false, gold: true, confidence: null }),
    entity("D", { predicted: null, gold: true, confidence: null }), entity("E", { state: "lost", confidence: null }),
    entity("F", { predicted: false, gold: true, state: "new", confidence: 0.5, problem: "why not" })]);
  assert.deepEqual(el.querySelectorAll(".xw-fact").map((fact) => fact.textContent),
    ["predicted · p 0.88", "predicted, gold · p 0.88", "gold only: missed", "gold", "no longer predicted", "now predicted, gold · p 0.50"]);
  assert.equal(el.querySelector(".xw-problem").textContent, "why not");
});

test("click and arrow keys choose, and stay inside the list", () => {
  const { model, el } = list([entity("A"), entity("B")]);
  el.querySelectorAll(".xw-row")[1].dispatch("click");
  assert.equal(model.get("selected"), 1);
  const rows = el.querySelector(".xw-rows");
  assert.equal(rows.dispatch("keydown", { key: "ArrowDown" }).stopped, 1);
  assert.equal(model.get("selected"), 1);
  rows.dispatch("keydown", { key: "Home" });
  assert.equal(model.get("selected"), 0);
  assert.deepEqual(el.querySelectorAll(".xw-row").map((row) => row.getAttribute("aria-selected")), ["true", "false"]);
});

test("an empty list says so and ignores keys", () => {
  const { model, el } = list([]);
  assert.match(el.textContent, /No entity predicted/);
  el.querySelector(".xw-rows").dispatch("keydown", { key: "ArrowDown" });
  assert.equal(model.get("selected"), -1);
});

test("the notebook's shortcuts stay off plain keys in the list, and only there", () => {
  const { el, close } = list([]);
  const rows = el.querySelector(".xw-rows");
  const press = (target, more) => window.listeners.get("keydown").forEach((claim) => claim({ target, ...more }));
  press(rows, { key: "m" });
  assert.equal(rows.getAttribute("data-lm-suppress-shortcuts"), "true");
  press(rows, { key: "s", ctrlKey: true });
  assert.equal(rows.getAttribute("data-lm-suppress-shortcuts"), null);
  press(document.body, { key: "m" });
  assert.equal(rows.getAttribute("data-lm-suppress-shortcuts"), null);
  close();
  assert.deepEqual(window.listeners.get("keydown"), []);
});

test("a palette names and colours the labels of the list", () => {
  const paint = { name: "Ziekte", light: ["#1e88e5", "#000000"], dark: ["#90caf9", "#000000"] };
  const { el } = list([entity("Disease", { paint }), entity("Drug")]);
  const labels = el.querySelectorAll(".xw-label");
  assert.deepEqual(labels.map((label) => [label.textContent, label.dataset.painted]), [["Ziekte", "true"], ["Drug", undefined]]);
  assert.equal(labels[0].style.values["--xw-dark"], "#90caf9");
});

test("hostile labels make no elements", () => {
  const { el } = list([entity(HOSTILE, { problem: HOSTILE })]);
  assert.deepEqual(el.querySelectorAll("img").concat(el.querySelectorAll("script")), []);
});

test("the status shows progress and Cancel while busy, and errors as alerts", () => {
  openPage();
  const model = new FakeModel({ message: "counting", kind: "busy", done: 3, total: 10, cancelled: 0 });
  const { el, close } = mount(Status, model);
  const [line, bar, cancel] = [".xw-line", ".xw-bar", ".xw-tool"].map((name) => el.querySelector(name));
  assert.deepEqual([line.textContent, bar.hidden, bar.value, bar.max], ["counting", false, 3, 10]);
  cancel.dispatch("click");
  cancel.dispatch("click");
  assert.deepEqual(model.saved, [{ cancelled: 1 }, { cancelled: 2 }]);
  model.set("kind", "error");
  assert.deepEqual([line.getAttribute("role"), bar.hidden, cancel.hidden], ["alert", true, true]);
  close();
  assert.equal(model.listening, 0);
});
