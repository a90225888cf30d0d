import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeModel, HOSTILE, mount, openPage } from "./fake_page.mjs";

const Words = (await import(`${process.env.XW_MODULES}/Words.mjs`)).default;
const word = (name, more = {}) => ({ word: name, lang: "", score: 1, low: 0.5, high: 1.5, seen: 9, documents: 4, ...more });
const VIEW = { stamp: 3, notes: ["30 documents"], lists: [
  { caption: "Disease", about: "mean score", vmax: 2, words: [word("fever", { score: 2, high: 9 }), word("发热", { lang: "zh-Hans" }), word("no", { score: -1, low: null, high: null })] },
  { caption: "gold", about: "log-odds", vmax: 1, words: [word("cough")] }] };
const run = (text, own = false) => ({ text, gold: false, predicted: false, own });
const PLACES = { caption: "no: 2", excerpts: [{ name: "d1", lang: "en", runs: [run("with "), run("no", true), run(" fever")], note: "Disease" }, { name: "d2", lang: "zh-Hans", runs: [run("无", true)], note: "" }] };

function show(more = {}) {
  const page = openPage(), model = new FakeModel({ view: VIEW, places: {}, search: "", clicked: {}, chosen: {}, ...more });
  return { page, model, ...mount(Words, model) };
}
const buttons = (el) => el.querySelectorAll(".xw-word-button");
const stops = (el) => buttons(el).filter((one) => one.getAttribute("tabindex") === "0").map((one) => one.textContent);

test("every list shows its words with score, interval and counts", () => {
  const { el } = show();
  assert.deepEqual(buttons(el).map((one) => one.textContent), ["fever", "发热", "no", "cough"]);
  const cells = el.querySelectorAll(".xw-word-row").map((row) => row.querySelectorAll("td").map((cell) => cell.textContent));
  assert.deepEqual(cells[0], ["+2.00", "", "0.50 to 9.00", "9", "4"]);
  assert.deepEqual(cells[2], ["−1.00", "", "–", "9", "4"]);
  assert.equal(buttons(el)[1].getAttribute("lang"), "zh-Hans");
});

test("concepts stand with the numbers of random ones beside them", () => {
  const concepts = { caption: "Drug: concepts", about: "share", vmax: 1, kind: "concept", more: ["random share", "p share"], words: [word("negation", { more: [0.5, null] })] };
  const { el } = show({ view: { stamp: 1, notes: [], lists: [concepts, { ...concepts, words: [] }] } });
  const heads = el.querySelectorAll(".xw-word-list")[0].querySelectorAll("thead")[0].querySelectorAll("th").map((head) => head.textContent);
  assert.deepEqual(heads, ["concept", "score", "95 % interval", "random share", "p share", "seen", "documents"]);
  assert.deepEqual(el.querySelector(".xw-word-row").querySelectorAll("td").map((cell) => cell.textContent), ["+1.00", "", "0.50 to 1.50", "0.50", "–", "9", "4"]);
  const [empty] = el.querySelectorAll(".xw-word-list")[1].querySelector("tbody").querySelectorAll("td");
  assert.deepEqual([empty.textContent, empty.getAttribute("colspan")], ["no such concept", "8"]);
});

test("bars begin at the middle, on one scale a list, and intervals end where the scale ends", () => {
  const { el } = show(), [up, , down] = el.querySelectorAll(".xw-word-bar");
  const at = (node, name) => Number(node.getAttribute(name)), rect = (bar) => bar.querySelectorAll("rect")[0];
  assert.deepEqual([at(rect(up), "x"), at(rect(up), "width")], [60, 48]); // 2 of 2.5 of 60 pixels
  assert.deepEqual([at(rect(down), "x"), at(rect(down), "width")], [36, 24]);
  const error = up.querySelectorAll("line")[1];
  assert.equal(at(error, "x2"), 120);
  assert.equal(down.querySelectorAll("line").length, 1); // no interval, no line
});

test("a click on a word says which, and it stays marked until the lists change", () => {
  const { el, model } = show();
  buttons(el)[2].dispatch("click");
  assert.deepEqual(model.saved, [{ clicked: { list: 0, word: 2, stamp: 3 } }]);
  assert.equal(buttons(el)[2].getAttribute("aria-pressed"), "true");
  assert.deepEqual(stops(el), ["no"]);
  model.set("view", { ...VIEW, stamp: 4 });
  assert.ok(buttons(el).every((one) => one.getAttribute("aria-pressed") === "false"));
});

test("new figures leave the keyboard on its word, and places where they are", () => {
  const { el, model } = show();
  buttons(el)[1].focus();
  buttons(el)[1].dispatch("click");
  model.set("places", PLACES);
  const [fever, hot, no] = VIEW.lists[0].words;
  model.set("view", { ...VIEW, stamp: 4, lists: [{ ...VIEW.lists[0], words: [hot, no, fever] }, VIEW.lists[1]] });
  assert.equal(document.activeElement, buttons(el)[0]);
  assert.deepEqual([document.activeElement.textContent, stops(el.querySelector(".xw-word-lists"))[0]], ["发热", "发热"]);
  assert.equal(el.querySelectorAll(".xw-place").length, 2);
  el.querySelectorAll(".xw-place")[1].focus();
  model.set("view", { ...VIEW, stamp: 5 });
  assert.equal(document.activeElement, el.querySelectorAll(".xw-place")[1]);
});

test("arrows lead through the lists and to the places; other keys are left alone", () => {
  const { el } = show({ places: PLACES });
  const lists = el.querySelector(".xw-word-lists"), press = (key) => document.activeElement.dispatch("keydown", { key });
  buttons(el)[1].focus();
  assert.equal(press("ArrowDown").stopped, 1);
  assert.equal(document.activeElement, buttons(el)[2]);
  press("ArrowRight");
  assert.equal(document.activeElement, buttons(el)[3]); // the last of a shorter list
  press("ArrowLeft");
  assert.equal(document.activeElement, buttons(el)[0]);
  press("End");
  assert.equal(document.activeElement, buttons(el)[3]);
  assert.deepEqual(stops(lists), ["cough"]);
  assert.equal(press("m").stopped, 0);
});

test("a place shows the word among its neighbours and leads to its text, again and again", () => {
  const { el, model } = show();
  model.set("places", PLACES);
  const places = el.querySelectorAll(".xw-place");
  assert.deepEqual(places.map((one) => one.querySelector(".xw-excerpt").textContent), ["with no fever", "无"]);
  assert.deepEqual(places[0].querySelectorAll("span").filter((node) => node.dataset.own === "true").map((node) => node.textContent), ["no"]);
  places[1].dispatch("click");
  places[1].dispatch("click");
  assert.deepEqual(model.saved.map((one) => one.chosen), [{ place: 1, stamp: 1 }, { place: 1, stamp: 2 }]);
  model.set("places", {});
  assert.equal(el.querySelectorAll(".xw-place").length, 0);
});

test("what is searched for is sent when typing pauses", async () => {
  const { el, model } = show(), input = el.querySelector(".xw-search");
  for (const value of ["f", "fe"]) { input.value = value; input.dispatch("input"); }
  assert.deepEqual(model.saved, []);
  await new Promise((done) => setTimeout(done, 250));
  assert.deepEqual(model.saved, [{ search: "fe" }]);
});

test("hostile words stay text, no lists are no lists, and closing lets go", () => {
  const { el, model, page, close } = show({ view: {} });
  assert.equal(el.querySelector(".xw-searched").hidden, true);
  model.set("view", { ...VIEW, lists: [{ ...VIEW.lists[0], caption: HOSTILE, words: [word(HOSTILE)] }] });
  model.set("places", { caption: HOSTILE, excerpts: [{ ...PLACES.excerpts[0], runs: [run(HOSTILE, true)] }] });
  assert.deepEqual(el.querySelectorAll("img").concat(el.querySelectorAll("script")), []);
  assert.ok(el.textContent.includes(HOSTILE));
  close();
  assert.deepEqual([model.listening, page.observers.size], [0, 0]);
});
