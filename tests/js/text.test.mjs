import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeModel, HOSTILE, mount, openPage } from "./fake_page.mjs";

const { default: Text } = await import(`${process.env.XW_MODULES}/Text.mjs`);

function entity(parts, more = {}) {
  return { label: "Disease", text: "x", predicted: true, gold: false, confidence: 0.5, lane: 0, state: "", problem: "",
    parts: parts.map((i, k) => [i, 0, 1, k > 0]), ...more };
}

const HEAT = { scores: [2, -1, 0, null], errors: [0.5, null, 0, null], active: [true, true, false, true], vmax: 2, base: -3, full: 1,
  quantity: "log-odds", about: "about the arm" };

function text(more = {}) {
  openPage();
  const model = new FakeModel({
    text: { lang: "zh-Hans", units: [["", "头"], ["", "痛"], [" ", "abc"], ["\n", "."]], after: "\n" },
    entities: [entity([0, 1, 2]), entity([1], { lane: 1, gold: true })],
    layers: [{ name: "one", heats: { 0: HEAT } }], layer: 0, scale: "own", selected: 0, cursor: -1, picked: [], grain: "", hidden: [],
    mode: "target", live: true, edit: {}, undone: 0, redone: 0, can_undo: false, can_redo: false, ...more });
  const { el, close } = mount(Text, model);
  return { model, el, close, units: el.querySelectorAll(".xw-unit"), words: el.querySelector(".xw-words") };
}

test("the text stands there character by character, in its language", () => {
  const { words } = text();
  assert.equal(words.textContent, "头痛 abc\n.\n");
  assert.equal(words.getAttribute("lang"), "zh-Hans");
  assert.equal(words.getAttribute("dir"), "auto");
});

test("hostile text and labels make no elements", () => {
  const { el } = text({ text: { lang: HOSTILE, units: [["", HOSTILE]], after: HOSTILE }, entities: [entity([0], { label: HOSTILE })],
    layers: [{ name: HOSTILE, heats: {} }, { name: "b", heats: {} }] });
  const tags = new Set(el.querySelectorAll("span").concat(el.querySelectorAll("div"), el.querySelectorAll("button")).map((node) => node.tag));
  assert.deepEqual([...tags].sort(), ["button", "div", "span"]);
  assert.deepEqual(el.querySelectorAll("img").concat(el.querySelectorAll("script")), []);
  assert.ok(el.textContent.includes(HOSTILE));
});

test("heat has strength, sign and words; kept units say so; scores that are no numbers show a question mark", () => {
  const { units } = text();
  assert.deepEqual(units.map((unit) => unit.style.values["--xw-strength"]), ["1.000", "0.500", "0.000", "0.000"]);
  assert.deepEqual(units.map((unit) => unit.dataset.sign), ["raises", "lowers", "none", "none"]);
  assert.deepEqual(units.map((unit) => unit.getAttribute("aria-label")), ["头: +2.00 ± 0.50", "痛: −1.00 ± ?", "abc: always kept", ".: ? ± ?"]);
});

test("the legend holds numbers and the arm", () => {
  const { el } = text();
  assert.match(el.querySelector(".xw-legend").textContent, /lowers −2\.00\+2\.00 raiseslog-odds.*whole text 1\.00, every other word hidden −3\.00/);
  assert.equal(el.querySelector(".xw-about").textContent, "about the arm");
});

test("a palette names and colours lanes; labels without one stay as they are", () => {
  const paint = { name: "<b>Ziekte", light: ["#1e88e5", "#000000"], dark: ["#90caf9", "#000000"] };
  const { el } = text({ entities: [entity([0], { paint }), entity([1], { paint: { name: "Only a name" } }), entity([2])] });
  const lanes = el.querySelectorAll(".xw-lane");
  assert.deepEqual(lanes.map((lane) => lane.dataset.label), ["<b>Ziekte", "Only a name", "Disease"]);
  assert.deepEqual(lanes.map((lane) => lane.dataset.painted), ["true", undefined, undefined]);
  assert.deepEqual(lanes.map((lane) => lane.style.values), [
    { "--xw-light": "#1e88e5", "--xw-light-text": "#000000", "--xw-dark": "#90caf9", "--xw-dark-text": "#000000" }, {}, {}]);
});

test("lanes cover the entity and the gaps inside it, and only the first part is named", () => {
  const { units, el } = text();
  const lanes = el.querySelectorAll(".xw-lane");
  assert.equal(lanes.filter((lane) => lane.dataset.entity === "0").length, 4); // three units and the one gap that has a width
  assert.deepEqual(lanes.filter((lane) => lane.dataset.label).map((lane) => lane.dataset.label), ["Disease", "Disease ✓"]);
  assert.equal(units[1].querySelectorAll(".xw-lane")[1].style.top, "calc(100% + 17px)");
});

test("a gold span is found, missed or neither", () => {
  const missed = entity([0], { gold: true, predicted: false }), neither = entity([1], { gold: true, predicted: null });
  const found = entity([2], { gold: true, predicted: false, state: "new" }), lost = entity([3], { state: "lost" });
  const { el } = text({ entities: [missed, neither, found, lost] });
  assert.deepEqual(el.querySelectorAll(".xw-lane").map((lane) => [lane.dataset.kind, lane.dataset.label]),
    [["gold", "Disease ○"], ["gold", "Disease"], ["both", "Disease ＋"], ["predicted", "Disease ✗"]]);
});

test("a click chooses the innermost entity, a second one goes outwards", () => {
  const { model, units } = text({ selected: -1 });
  units[1].dispatch("click");
  assert.equal(model.get("selected"), 1);
  units[1].dispatch("click");
  assert.equal(model.get("selected"), 0);
  units[3].dispatch("click");
  assert.equal(model.get("selected"), 0);
});

test("a click on a lane chooses its entity", () => {
  const { model, el } = text({ selected: -1 });
  el.querySelectorAll(".xw-lane").find((lane) => lane.dataset.entity === "1").dispatch("click");
  assert.equal(model.get("selected"), 1);
});

test("in hide mode clicks hide and show, in order, and the choice stays", () => {
  const { model, units } = text({ mode: "hide" });
  units[2].dispatch("click");
  units[0].dispatch("click");
  assert.deepEqual(model.get("hidden"), [0, 2]);
  units[2].dispatch("click");
  assert.deepEqual(model.get("hidden"), [0]);
  assert.equal(model.get("selected"), 0);
  assert.equal(units[0].dataset.hidden, "true");
  assert.match(units[0].getAttribute("aria-label"), /, hidden$/);
});

test("keys: arrows move, m hides, Enter chooses, n and p walk, Escape restores and then lets go", () => {
  const { model, words, units } = text({ selected: -1 });
  const key = (name, more) => document.activeElement.dispatch("keydown", { key: name, ...more });
  units[0].focus();
  assert.equal(key("ArrowRight").stopped, 1);
  assert.equal(model.get("cursor"), 1);
  key("m");
  assert.deepEqual(model.get("hidden"), [1]);
  key("Enter");
  assert.equal(model.get("selected"), 1);
  key("n");
  assert.deepEqual([model.get("selected"), model.get("cursor")], [0, 0]);
  key("p");
  assert.deepEqual([model.get("selected"), model.get("cursor")], [1, 1]);
  key("Escape");
  assert.deepEqual([model.get("hidden"), model.get("selected")], [[], 1]);
  key("Escape");
  assert.equal(model.get("selected"), -1);
  key("End");
  assert.equal(model.get("cursor"), 3);
  assert.equal(words.querySelectorAll(".xw-unit").filter((unit) => unit.getAttribute("tabindex") === "0").length, 1);
});

test("keys with modifiers and unknown keys are left to the notebook", () => {
  const { units } = text();
  units[0].focus();
  assert.equal(units[0].dispatch("keydown", { key: "m", ctrlKey: true }).stopped, 0);
  assert.equal(units[0].dispatch("keydown", { key: "z" }).stopped, 0);
});

test("without a live model nothing can be hidden", () => {
  const { model, units, el } = text({ live: false, mode: "hide" });
  units[0].dispatch("click");
  units[0].focus();
  units[0].dispatch("keydown", { key: "m" });
  assert.deepEqual(model.get("hidden"), []);
  assert.deepEqual(el.querySelectorAll(".xw-tool"), []);
});

test("the tooltip and the spoken line say text, score and error", () => {
  const { units, el } = text();
  units[0].dispatch("mouseover");
  assert.deepEqual([el.querySelector(".xw-tip").hidden, el.querySelector(".xw-tip").textContent], [false, "头: +2.00 ± 0.50"]);
  units[1].focus();
  assert.equal(el.querySelector(".xw-readout").textContent, "痛: −1.00 ± ?");
  assert.equal(el.querySelector(".xw-readout").getAttribute("aria-live"), "polite");
});

test("a cursor set elsewhere moves the mark without taking the focus", () => {
  const { model, units } = text();
  const before = document.activeElement;
  model.set("cursor", 2);
  assert.equal(units[2].dataset.cursor, "true");
  assert.equal(document.activeElement, before);
});

test("layers are buttons; new entities leave the unit elements alone", () => {
  const other = { ...HEAT, scores: [0, 0, 0, 2] };
  const { model, el, units } = text({ layers: [{ name: "a", heats: { 0: HEAT } }, { name: "b", heats: { 0: other } }] });
  el.querySelectorAll(".xw-tool")[1].dispatch("click");
  assert.equal(units[3].dataset.sign, "raises");
  model.set("entities", [entity([3])]);
  assert.equal(el.querySelectorAll(".xw-unit")[3], units[3]);
  assert.equal(units[0].querySelectorAll(".xw-lane").length, 0);
});

test("colours fill the scale of the entity, or of all entities when asked", () => {
  const weak = { ...HEAT, scores: [0.5, -0.25, 0, 0], vmax: 2 };
  const { model, el, units } = text({ layers: [{ name: "a", heats: { 0: weak, 1: HEAT } }] });
  assert.equal(units[0].style.values["--xw-strength"], "1.000");
  assert.match(el.querySelector(".xw-legend").textContent, /lowers −0\.50/);
  el.querySelector(".xw-tool").dispatch("click");
  assert.equal(model.get("scale"), "shared");
  assert.equal(units[0].style.values["--xw-strength"], "0.250");
  assert.match(el.querySelector(".xw-legend").textContent, /lowers −2\.00/);
});

test("the theme is followed, and closing leaves no listener behind", () => {
  const page = openPage({ light: "false" });
  const model = new FakeModel({ text: { units: [] }, entities: [], layers: [], layer: 0, scale: "own", selected: -1, cursor: -1, picked: [], grain: "", hidden: [], mode: "target", live: false });
  const { el, close } = mount(Text, model);
  assert.equal(el.firstChild.dataset.dark, "true");
  page.setTheme("true");
  assert.equal(el.firstChild.dataset.dark, "false");
  close();
  assert.deepEqual([model.listening, page.observers.size], [0, 0]);
});

test("a class of the whole text has no lane, and keys step to it", () => {
  const urgent = entity([], { label: "urgent", predicted: null, lane: -1 });
  const { model, el, words, units } = text({ entities: [entity([1]), urgent], layers: [{ name: "one", heats: { 1: HEAT } }] });
  assert.deepEqual(el.querySelectorAll(".xw-lane").map((lane) => lane.dataset.entity), ["0"]);
  assert.equal(words.style.values["--xw-lanes"], "1");
  words.dispatch("keydown", { key: "n" });
  assert.equal(model.get("selected"), 1);
  assert.deepEqual(units.map((unit) => unit.dataset.sign), ["raises", "lowers", "none", "none"]);
  assert.equal(units.some((unit) => unit.getAttribute("aria-selected") === "true"), false);
});

test("a text with classes alone keeps no room for lanes", () => {
  const { words } = text({ entities: [entity([], { label: "urgent", lane: -1 })] });
  assert.equal(words.style.values["--xw-lanes"], "0");
});

test("a shorter text may arrive after its entities and heat: nothing is drawn that is not there", () => {
  const { el, model } = text();
  model.state.text = { lang: "en", units: [["", "no"]], after: "" }; // one message: all values are there before any is told
  model.set("entities", []);
  model.set("layers", []);
  model.set("selected", -1);
  model.set("text", model.state.text);
  assert.equal(el.querySelector(".xw-words").textContent, "no");
});
