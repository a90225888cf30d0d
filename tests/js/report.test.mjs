import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeModel, FakeNode, HOSTILE, mount, openPage } from "./fake_page.mjs";

const load = async (name) => (await import(`${process.env.XW_MODULES}/${name}.mjs`)).default;
const [ReportPanel, Host] = await Promise.all(["ReportPanel", "Host"].map(load));

const table = { caption: "Measures", columns: ["measure", "value", "note"], rows: [["gap", -0.012345, ""], ["n", 1200, ""], ["margin", null, "no interior"]] };
const strip = { caption: "Spread", lang: "nl", units: [["", "geen"], [" ", "hoest"], ["", "!"]], after: "\n", scores: [2, -4, null] };
const matrix = { caption: "Agreement", rows: ["a", "b"], columns: ["a", "b"], values: [[1, -0.5], [null, 1]] };
const curve = { caption: "Deletion", x: [0, 1, 2, 4], ys: [{ name: "this", values: [1, 0.5, null, 0] }], bands: [{ name: "random", low: [0, 0, 0, 0], high: [1, 1, null, 1] }],
  x_label: "units hidden", y_label: "probability" };
const empty = { title: "", notes: [], tables: [], strips: [], matrices: [], curves: [] };

function show(parts, light = "true") {
  const page = openPage({ light });
  const model = new FakeModel({ report: { ...empty, ...parts } });
  return { model, page, ...mount(ReportPanel, model) };
}
const texts = (el, selector) => el.querySelectorAll(selector).map((node) => node.textContent);

test("a table has heads, a name for every row, and a dash for what is missing", () => {
  const { el } = show({ title: "Report", notes: ["one note"], tables: [table] });
  assert.deepEqual(texts(el, "h3").concat(texts(el, ".xw-report-note")), ["Report", "one note"]);
  assert.deepEqual(texts(el, "caption"), ["Measures"]);
  assert.deepEqual(texts(el, "td"), ["−0.0123", "", "1200", "", "–", "no interior"]);
  assert.deepEqual(el.querySelectorAll("th").map((cell) => cell.getAttribute("scope")), ["col", "col", "col", "row", "row", "row"]);
  assert.equal(el.querySelectorAll("td")[4].getAttribute("aria-label"), "not available");
  const frame = el.querySelector(".xw-report-scroll"); // wide tables scroll by keyboard too
  assert.deepEqual([frame.getAttribute("tabindex"), frame.getAttribute("aria-label")], ["0", "Measures"]);
});

test("a strip colours the text by sign and strength and keeps every character", () => {
  const { el } = show({ strips: [strip] });
  assert.equal(texts(el, ".xw-heat-text")[0], "geen hoest!\n");
  const words = el.querySelectorAll(".xw-strip-word");
  assert.deepEqual(words.map((word) => word.dataset.sign), ["raises", "lowers", "missing"]);
  assert.deepEqual(words.map((word) => word.style.values["--xw-strength"]), ["0.500", "1.000", "0.000"]);
  assert.equal(words[1].getAttribute("title"), "hoest: −4");
  assert.match(texts(el, ".xw-report-key")[0], /full colour at 4\. Hatched: no score/);
  assert.deepEqual(texts(el, "td"), ["1", "−4", "0", "2"]); // the numbers folded below, the strongest first
});

test("a matrix shows its numbers and marks a cell; limits make the colour run between them", () => {
  const { el } = show({ matrices: [{ ...matrix, marked: [0, 1] }, { ...matrix, low: 0.5, high: 1, values: [[1, 0.5], [0.75, null]] }] });
  const cells = el.querySelectorAll(".xw-cell-number");
  assert.deepEqual(cells.slice(0, 4).map((cell) => [cell.textContent, cell.dataset.sign]), [["1", "raises"], ["−0.5", "lowers"], ["–", "missing"], ["1", "raises"]]);
  assert.deepEqual(cells.map((cell) => cell.dataset.marked === "true").indexOf(true), 1);
  assert.deepEqual(cells.slice(4).map((cell) => cell.style.values["--xw-strength"]), ["1.000", "0.000", "0.500", "0.000"]);
});

test("a curve breaks where a value is missing and says its ends in words", () => {
  const { el } = show({ curves: [curve] });
  const [line] = el.querySelectorAll(".xw-line-path"), [band] = el.querySelectorAll(".xw-band");
  assert.deepEqual(line.getAttribute("d").replace(/[-\d. ]+/g, ""), "MLM");
  assert.equal(band.getAttribute("points").split(" ").length, 6);
  const picture = el.querySelector(".xw-curve");
  assert.equal(picture.getAttribute("role"), "slider");
  assert.equal(picture.getAttribute("aria-label"), "Deletion. From 0 to 4: this goes from 1 to 0.");
  assert.deepEqual(texts(el, "th").slice(0, 4), ["units hidden", "this", "random, low", "random, high"]);
  assert.equal(texts(el, "tr").length, 5);
  assert.deepEqual(texts(el, "li"), ["this", "random"]);
});

test("a curve is read with arrows: a line and its values in words move along", () => {
  const { el } = show({ curves: [{ ...curve, marks: [{ name: "the end", at: 1.5 }] }] });
  const [picture] = el.querySelectorAll(".xw-curve"), [line] = el.querySelectorAll(".xw-reading");
  assert.equal(picture.getAttribute("aria-valuemax"), "3");
  const event = picture.dispatch("keydown", { key: "ArrowRight" });
  assert.deepEqual([event.prevented, event.stopped], [1, 1]);
  assert.equal(line.textContent, "At 1 units hidden: this 0.5; random 0 to 1");
  picture.dispatch("keydown", { key: "End" });
  assert.equal(picture.getAttribute("aria-valuetext"), "At 4 units hidden: this 0; random 0 to 1");
  picture.dispatch("keydown", { key: "ArrowRight" });
  assert.equal(picture.getAttribute("aria-valuenow"), "3");
  assert.equal(picture.dispatch("keydown", { key: "Tab" }).prevented, 0);
  assert.equal(texts(el, ".xw-curve-mark")[0], "the end");
});

test("a curve that is flat, or empty, breaks nothing", () => {
  const flat = show({ curves: [{ ...curve, x: [3], ys: [{ name: "one", values: [2] }], bands: [] }] });
  assert.ok(!flat.el.querySelector(".xw-line-path").getAttribute("d").includes("NaN"));
  const none = show({ curves: [{ ...curve, ys: [{ name: "one", values: [null, null, null, null] }], bands: [] }] });
  assert.match(none.el.textContent, /nothing to draw/);
});

test("a new report replaces the old one, themes are followed, and closing lets go", () => {
  const { model, el, page, close } = show({ tables: [table] }, "false");
  assert.equal(el.querySelector(".xw-report").dataset.dark, "true");
  page.setTheme("true");
  assert.equal(el.querySelector(".xw-report").dataset.dark, "false");
  model.set("report", { ...empty, notes: ["new"] });
  assert.deepEqual([texts(el, "caption"), texts(el, "p")], [[], ["new"]]);
  close();
  assert.deepEqual([model.listening, page.observers.size], [0, 0]);
});

test("hostile words make no elements, in a notebook and in a saved page", () => {
  const bad = { title: HOSTILE, notes: [HOSTILE], tables: [{ caption: HOSTILE, columns: [HOSTILE], rows: [[HOSTILE], [HOSTILE]] }],
    strips: [{ ...strip, caption: HOSTILE, units: strip.units.map(() => [HOSTILE, HOSTILE]) }], matrices: [{ ...matrix, rows: [HOSTILE, HOSTILE] }],
    curves: [{ ...curve, caption: HOSTILE, ys: [{ name: HOSTILE, values: [1, 2, 3, 4] }] }] };
  const { el } = show(bad);
  assert.deepEqual(el.querySelectorAll("img").concat(el.querySelectorAll("script")), []);
  const main = new FakeNode("main");
  document.querySelector = () => main;
  Host.openPage({ title: "Title", notes: [], sections: [{ title: "", rows: [["Report"]], state: { report: { ...empty, ...bad } }, binary: {}, charts: {} }] }, { Report: ReportPanel });
  assert.equal(main.querySelectorAll(".xw-report").length, 1);
  assert.equal(document.body.dataset.ready, "1");
  assert.deepEqual(main.querySelectorAll("img"), []);
});
