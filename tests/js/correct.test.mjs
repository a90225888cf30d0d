import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { FakeModel, FakeNode, HOSTILE, mount, openPage } from "./fake_page.mjs";

const load = async (name) => (await import(`${process.env.XW_MODULES}/${name}.mjs`)).default;
const Correct = await load("Correct"), SimilarErrors = await load("SimilarErrors");
const defaults = JSON.parse(await readFile(new URL(`${process.env.XW_MODULES}/correct_defaults.json`)));
const ABLE = ["accept", "delete", "label", "grow_left", "grow_right", "shrink_left", "shrink_right"];
const LABELS = [{ label: "Disease", paint: null }, { label: "Drug", paint: { name: "Geneesmiddel", light: ["#1e88e5", "#000000"], dark: ["#90caf9", "#000000"] } }];
const CHOSEN = { label: "Disease", text: "心力衰竭", about: "predicted", paint: null };

function open(state = {}) {
  openPage();
  const model = new FakeModel({ ...defaults, lang: "zh-Hans", chosen: CHOSEN, labels: LABELS, able: ABLE, turn: 3, ...state });
  return { model, ...mount(Correct, model) };
}

const root = (el) => el.querySelector(".xw-correct");

/** The page hands keys on to the window. */
const pressed = (node, key, more = {}) => {
  const event = node.dispatch("keydown", { key, ...more });
  if (!event.stopped) for (const handler of window.listeners.get("keydown") ?? []) handler({ ...event, target: node, preventDefault() { event.prevented++; }, stopPropagation() { event.stopped++; } });
  return event;
};

test("every key is one message with the turn that the reader saw", () => {
  const { el, model } = open();
  const tools = el.querySelector(".xw-correct-tools");
  for (const key of ["a", "d", "Delete", "[", "]", "{", "}", "2"]) assert.equal(pressed(tools, key).prevented, 1, key);
  assert.deepEqual(model.sent.map(({ act, label, turn }) => [act, label, turn]), [["accept", -1, 3], ["delete", -1, 3], ["delete", -1, 3],
    ["grow_left", -1, 3], ["grow_right", -1, 3], ["shrink_left", -1, 3], ["shrink_right", -1, 3], ["label", 1, 3]]);
});

test("what is not possible does nothing, and other keys stay the page's", () => {
  const { el, model } = open({ able: ["accept"] });
  const tools = el.querySelector(".xw-correct-tools");
  for (const key of ["d", "]", "t", "+", "1", "9", "z", "x", "ArrowLeft"]) assert.equal(pressed(tools, key).prevented, 0, key);
  assert.equal(pressed(tools, "a", { ctrlKey: true }).prevented, 0);
  assert.equal(model.sent, undefined);
  assert.deepEqual(el.querySelectorAll("button").filter((one) => !one.disabled).map((one) => one.textContent), ["Accepta"]);
});

test("brackets that are typed with AltGr count", () => {
  const { el, model } = open();
  pressed(el.querySelector(".xw-correct-tools"), "[", { ctrlKey: true, altKey: true, getModifierState: (name) => name === "AltGraph" });
  assert.deepEqual(model.sent.map(({ act }) => act), ["grow_left"]);
});

test("with picked words a digit marks them, and the words are said", () => {
  const { el, model } = open({ picked: "二甲双胍", able: [...ABLE, "add", "ends", "join"] });
  const picked = el.querySelector(".xw-correct-picked");
  assert.deepEqual([picked.hidden, picked.textContent, picked.querySelector(".xw-correct-text").getAttribute("lang")], [false, "Picked: 二甲双胍", "zh-Hans"]);
  const tools = el.querySelector(".xw-correct-tools");
  for (const key of ["1", "t", "+"]) pressed(tools, key);
  assert.deepEqual(model.sent.map(({ act, label }) => [act, label]), [["add", 0], ["ends", -1], ["join", -1]]);
});

test("keys count in the text and the list of the same workbench only", () => {
  const { el, model } = open();
  const words = new FakeNode("div"), other = new FakeNode("div"), field = new FakeNode("input");
  words.className = "xw-words"; other.className = "xw-words";
  el.append(words, field);
  const elsewhere = new FakeNode("div");
  elsewhere.append(other);
  document.body.append(elsewhere);
  pressed(words, "]");
  pressed(other, "]");
  pressed(field, "]");
  assert.equal(model.sent.length, 1);
});

test("a note goes with the next correction, and keys in its field are text", () => {
  const { el, model } = open();
  const note = el.querySelector(".xw-correct-input");
  note.value = "两周后复查";
  assert.equal(pressed(note, "d").prevented, 0);
  pressed(el.querySelector(".xw-correct-tools"), "a");
  assert.deepEqual([model.sent[0].note, note.value], ["两周后复查", ""]);
});

test("the type of the entity is pressed and cannot be chosen again; names and colours are the palette's", () => {
  const { el } = open();
  const labels = el.querySelectorAll(".xw-correct-label");
  assert.deepEqual(labels.map((one) => [one.textContent, one.getAttribute("aria-pressed"), one.disabled, one.dataset.painted]),
    [["Disease1", "true", true, undefined], ["Geneesmiddel2", "false", false, "true"]]);
});

test("acts on many say how many, and so does their undo", () => {
  const { el, model } = open({ all: 12, undoes: 5 });
  const [undo, all] = el.querySelectorAll(".xw-correct-tools")[2].children;
  assert.deepEqual([undo.textContent, all.textContent], ["Undo all 5z", "Accept all 12 predicted that nobody looked at"]);
  all.dispatch("click");
  undo.dispatch("click");
  assert.deepEqual(model.sent.map(({ act }) => act), ["all", "undo"]);
  model.set("all", 1);
  assert.equal(el.querySelectorAll(".xw-correct-tools")[2].children.length, 1);
});

test("corrections are listed with what, when and why; one leads to its entity", () => {
  const row = { what: "changed", before: { label: "Drug", text: "a", paint: LABELS[1].paint }, after: { label: "Disease", text: "a b", paint: null },
    when: "2026-01-02T03:04:05+00:00", steps: 2, note: "see §3" };
  const { el, model } = open({ rows: [row, { ...row, what: "deleted", after: null, steps: 1, note: "" }, { ...row, what: "accepted", after: row.before, steps: 1, note: "" }] });
  const items = el.querySelectorAll(".xw-correction");
  assert.deepEqual(items.map((one) => one.querySelector(".xw-correct-go").textContent),
    ["changed in 2 stepsGeneesmiddela→Diseasea b", "deletedGeneesmiddela", "acceptedGeneesmiddela"]);
  assert.equal(items[0].querySelector("time").getAttribute("datetime"), row.when);
  assert.equal(items[0].querySelector(".xw-correct-note").textContent, "see §3");
  items[1].querySelector(".xw-correct-go").dispatch("click");
  assert.deepEqual([model.sent[0].act, model.sent[0].row], ["go", 1]);
});

test("the button in focus stays in focus when all are made anew", () => {
  const { el, model } = open();
  const tools = el.querySelectorAll(".xw-correct-tools")[0];
  tools.children[5].focus();
  model.set("turn", 4);
  assert.equal(document.activeElement, tools.children[5]);
  model.set("able", ["accept"]);
  assert.equal(document.activeElement, tools.children[0]);
});

test("refusals are alerts; hostile words make no elements; nothing listens after the end", () => {
  const bad = { label: HOSTILE, text: HOSTILE, about: HOSTILE, paint: null };
  const { el, model, close } = open({ chosen: bad, picked: HOSTILE, labels: [bad], message: HOSTILE, is_error: true, kept: HOSTILE,
    rows: [{ what: "changed", before: bad, after: bad, when: HOSTILE, steps: 1, note: HOSTILE }] });
  assert.equal(el.querySelector(".xw-correct-message").getAttribute("role"), "alert");
  assert.deepEqual(el.querySelectorAll("img").concat(el.querySelectorAll("script")), []);
  assert.ok(el.textContent.includes(HOSTILE));
  close();
  assert.deepEqual([model.listening, window.listeners.get("keydown")], [0, []]);
});

test("similar errors: words, reasons, what was made of them; acts carry the stamp", () => {
  openPage();
  const excerpt = { name: "zh-1", lang: "zh-Hans", runs: [{ text: "诊断", gold: false, predicted: false, own: false }, { text: HOSTILE, gold: true, predicted: false, own: true }], note: "Disease" };
  const model = new FakeModel({ about: "Like it", stamp: 7, places: [{ excerpt, why: "words: 心", looked: "" }, { excerpt, why: "", looked: "accepted by a reader" }],
    acts: [{ act: "accept", words: "Accept the 2 predicted that nobody looked at" }] });
  const { el, close } = mount(SimilarErrors, model);
  const items = el.querySelectorAll(".xw-similar-place");
  assert.equal(items[0].querySelector(".xw-excerpt-about").textContent, "zh-1 · Disease · words: 心");
  assert.equal(items[1].querySelector(".xw-similar-looked").textContent, "accepted by a reader");
  items[1].querySelector("button").dispatch("click");
  el.querySelector(".xw-correct-tools").querySelector("button").dispatch("click");
  assert.deepEqual(model.sent, [{ act: "go", place: 1, stamp: 7 }, { act: "accept", place: -1, stamp: 7 }]);
  assert.deepEqual(el.querySelectorAll("img"), []);
  close();
  assert.equal(model.listening, 0);
});
