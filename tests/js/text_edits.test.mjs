import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeModel, HOSTILE, mount, openPage } from "./fake_page.mjs";

const { default: Text } = await import(`${process.env.XW_MODULES}/Text.mjs`);
const HEAT = { scores: [2, -1, 1, 0], errors: [0.5, 0.5, 0, 0], active: [true, true, true, true], vmax: 2, base: 0, full: 2, quantity: "log-odds", about: "arm." };
const TEXT = { lang: "zh-Hans", units: [["", "头"], ["", "痛"], [" ", "abc"], ["\n", "."]], after: "",
  grains: [{ name: "words", starts: [0, 2, 3] }], changed: [] };

function text(more = {}) {
  openPage();
  const model = new FakeModel({ text: TEXT, entities: [{ label: "D", predicted: true, gold: false, lane: 0, state: "", parts: [[0, 0, 1, false]] }],
    layers: [{ name: "one", heats: { 0: HEAT } }], layer: 0, scale: "own", grain: "", selected: 0, cursor: -1, picked: [], hidden: [],
    mode: "target", live: true, edit: {}, undone: 0, redone: 0, can_undo: false, can_redo: false, ...more });
  const { el, close } = mount(Text, model);
  const units = el.querySelectorAll(".xw-unit");
  const key = (name, also) => document.activeElement.dispatch("keydown", { key: name, ...also });
  const tool = (name) => el.querySelectorAll(".xw-tool").find((one) => one.textContent === name);
  return { model, el, close, units, key, tool, editor: () => el.querySelector(".xw-editor") };
}

const sent = (model) => model.saved.filter((one) => "edit" in one).map((one) => one.edit);

test("e opens an input over the unit, Enter sends the new words, the focus goes back", () => {
  const { model, units, key, editor } = text();
  units[2].focus();
  key("e");
  assert.deepEqual([editor().value, document.activeElement === editor()], ["abc", true]);
  editor().value = HOSTILE;
  key("Enter");
  assert.deepEqual(sent(model), [{ turn: 1, first: 2, last: 2, text: HOSTILE }]);
  assert.deepEqual([editor(), document.activeElement], [null, units[2]]);
});

test("a picked range is edited as one text, gaps and all", () => {
  const { model, units, key, editor } = text();
  units[1].focus();
  key("ArrowRight", { shiftKey: true });
  assert.deepEqual(model.get("picked"), [1, 2]);
  key("e");
  assert.equal(editor().value, "痛 abc");
  editor().value = "";
  key("Enter");
  assert.deepEqual([sent(model), model.get("picked")], [[{ turn: 1, first: 1, last: 2, text: "" }], []]);
});

test("Escape leaves the words as they are, and so does Enter where nothing was typed", () => {
  const { model, units, key, editor } = text();
  units[0].focus();
  key("e");
  editor().value = "x";
  key("Escape");
  key("e");
  key("Enter");
  assert.deepEqual([sent(model), editor(), model.get("selected")], [[], null, 0]);
});

test("keys of an input method that is composing are left to it", () => {
  const { model, units, key, editor } = text();
  units[0].focus();
  key("e");
  editor().value = "腹";
  for (const also of [{ isComposing: true }, { keyCode: 229 }]) assert.equal(key("Enter", also).prevented, 0);
  assert.deepEqual([sent(model), document.activeElement === editor()], [[], true]);
  key("Enter", { isComposing: false });
  assert.equal(sent(model)[0].text, "腹");
});

test("keys typed into the input reach neither the text nor the notebook", () => {
  const { model, units, key, editor } = text();
  units[0].focus();
  key("e");
  assert.equal(key("m").stopped, 1);
  assert.equal(editor().getAttribute("data-lm-suppress-shortcuts"), "true");
  assert.deepEqual(model.get("hidden"), []);
});

test("a double click opens the input and chooses only once", () => {
  const { model, units, editor } = text({ selected: -1 });
  units[0].dispatch("click", { detail: 1 });
  units[0].dispatch("click", { detail: 2 });
  units[0].dispatch("dblclick");
  assert.deepEqual([model.get("selected"), editor().value], [0, "头"]);
});

test("leaving the input for another place applies what was typed, once", () => {
  const { model, units, key, editor } = text();
  units[0].focus();
  key("e");
  const input = editor();
  input.value = "x";
  input.dispatch("blur");
  input.dispatch("blur");
  assert.equal(sent(model).length, 1);
});

test("dragging picks a range, is sent once, and is no click", () => {
  const { model, units } = text({ selected: -1 });
  units[2].dispatch("mousedown", { button: 0 });
  units[1].dispatch("mouseover", { buttons: 1 });
  units[0].dispatch("mouseover", { buttons: 1 });
  assert.deepEqual(model.saved, []);
  window.dispatch("mouseup");
  units[0].dispatch("click", { detail: 1 });
  assert.deepEqual([model.saved, model.get("selected")], [[{ picked: [0, 2] }], -1]);
  assert.deepEqual(units.map((unit) => unit.dataset.picked), ["first", "inner", "last", undefined]);
  units[3].dispatch("mouseover", { buttons: 1 }); // the button went down elsewhere
  assert.deepEqual(model.get("picked"), [0, 2]);
});

test("Shift with arrows extends and shrinks from where it began; a plain arrow lets go", () => {
  const { model, units, key } = text();
  units[1].focus();
  key("End", { shiftKey: true });
  key("ArrowLeft", { shiftKey: true });
  assert.deepEqual(model.get("picked"), [1, 2]);
  key("Home", { shiftKey: true });
  assert.deepEqual(model.get("picked"), [0, 1]);
  key("ArrowRight");
  assert.deepEqual(model.get("picked"), []);
  units[3].dispatch("click", { shiftKey: true });
  assert.deepEqual(model.get("picked"), [1, 3]);
  key("Escape");
  assert.deepEqual([model.get("picked"), model.get("selected")], [[], 0]);
});

test("m hides the picked range, and shows it where all of it is hidden", () => {
  const { model, units, key, tool } = text({ hidden: [1], picked: [0, 1] });
  units[0].dispatch("keydown", { key: "m" });
  assert.deepEqual(model.get("hidden"), [0, 1]);
  tool("Hide picked words").dispatch("click");
  assert.deepEqual(model.get("hidden"), []);
  model.set("picked", []);
  assert.equal(tool("Hide picked words"), undefined);
});

test("undo and redo are counted, by keys and by buttons that say when there is something", () => {
  const { model, units, key, tool } = text();
  assert.deepEqual([tool("Undo").disabled, tool("Redo").disabled], [true, true]);
  model.set("can_undo", true);
  assert.equal(tool("Undo").disabled, false);
  tool("Undo").dispatch("click");
  units[0].focus();
  key("u");
  key("U", { shiftKey: true });
  key("U"); // with the capitals locked
  assert.deepEqual([model.get("undone"), model.get("redone")], [2, 2]);
});

test("without a live model nothing can be replaced or undone", () => {
  const { model, units, key, editor, tool } = text({ live: false });
  units[0].focus();
  assert.equal(key("e").stopped, 0);
  units[0].dispatch("dblclick");
  key("u");
  assert.deepEqual([editor(), model.get("undone"), tool("Undo"), tool("by words").tag], [null, 0, undefined, "button"]);
});

test("replaced words are marked and say what stood there; words taken out leave a mark", () => {
  const { el, units } = text({ text: { ...TEXT, changed: [[1, 2, HOSTILE], [3, 2, "old"]] } });
  assert.deepEqual(units.map((unit) => unit.dataset.replaced), [undefined, "true", "true", undefined]);
  assert.ok(units[1].getAttribute("aria-label").endsWith(`, in place of “${HOSTILE}”`));
  assert.deepEqual(el.querySelectorAll(".xw-taken").map((mark) => mark.getAttribute("aria-label")), ["taken out: old"]);
  assert.match(el.querySelector(".xw-legend").textContent, /replaced words/);
});

test("by words, units wear the colour of their sum and say so", () => {
  const { el, units, tool } = text();
  tool("by words").dispatch("click");
  assert.deepEqual(units.map((unit) => unit.style.values["--xw-strength"]), ["1.000", "1.000", "1.000", "0.000"]);
  assert.deepEqual(units.map((unit) => unit.dataset.sign), ["raises", "raises", "raises", "none"]);
  assert.equal(units[1].getAttribute("aria-label"), "痛: −1.00 ± 0.50 · “头痛” together +1.00, error at most 1.00");
  assert.equal(units[2].getAttribute("aria-label"), "abc: +1.00 ± 0.00");
  assert.match(el.querySelector(".xw-about").textContent, /^arm\. Colours are sums over words: .* not what hiding/);
  assert.match(el.querySelector(".xw-legend").textContent, /lowers −1\.00/);
});

test("traits that come together with a shorter text are heard in any order", () => {
  const shorter = { ...TEXT, units: [["", "a"]], grains: [] };
  for (const first of ["hidden", "entities", "layers", "selected", "picked", "cursor"]) {
    const { model, el } = text();
    Object.assign(model.state, { text: shorter, hidden: [0], entities: [], layers: [], selected: -1, picked: [], cursor: 0 });
    for (const name of [first, "text"]) for (const handler of model.handlers.get(`change:${name}`)) handler();
    assert.deepEqual(el.querySelectorAll(".xw-unit").map((unit) => [unit.textContent, unit.dataset.hidden]), [["a", "true"]], first);
  }
});

test("a new text keeps the focus where it was", () => {
  const { model, el, units } = text();
  units[2].focus();
  model.set("text", { ...TEXT, units: [["", "a"], ["", "b"]], grains: [] });
  assert.equal(document.activeElement, el.querySelectorAll(".xw-unit")[1]);
});

test("a long text is drawn where the reader looks, and the rest later", () => {
  let seen, waiting = [];
  openPage();
  globalThis.IntersectionObserver = class { constructor(callback) { seen = callback; } observe() {} disconnect() {} };
  globalThis.requestIdleCallback = (work) => waiting.push(work);
  try {
    const units = Array.from({ length: 2000 }, (_, i) => [i % 250 ? " " : "\n", `w${i}`]);
    const model = new FakeModel({ ...text().model.state, text: { lang: "nl", units, after: "", grains: [], changed: [] } });
    const { el, close } = mount(Text, model);
    const blocks = el.querySelectorAll(".xw-block"), drawn = () => blocks.map((block) => block.querySelectorAll(".xw-unit").length);
    assert.deepEqual(drawn(), [250, 250, 0, 0, 0, 0, 0, 0]);
    seen([{ target: blocks[6], isIntersecting: true }]);
    assert.equal(drawn()[6], 250);
    model.set("cursor", 1999); // drawn because somebody goes there
    assert.equal(drawn()[7], 250);
    while (waiting.length) waiting.shift()();
    assert.equal(drawn().reduce((sum, n) => sum + n), 2000);
    assert.equal(el.querySelector(".xw-words").textContent, units.map(([gap, word]) => gap + word).join(""));
    model.set("text", { lang: "nl", units, after: "", grains: [], changed: [] });
    close();
    while (waiting.length) waiting.shift()();
    assert.equal(el.querySelectorAll(".xw-unit").length, 500); // nothing is drawn after the end
  } finally { delete globalThis.IntersectionObserver; delete globalThis.requestIdleCallback; }
});
