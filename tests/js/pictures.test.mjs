import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { FakeModel, HOSTILE, mount, openPage } from "./fake_page.mjs";

const ReportPanel = (await import(`${process.env.XW_MODULES}/ReportPanel.mjs`)).default;
const golden = (name) => JSON.parse(readFileSync(fileURLToPath(new URL(`../widgets/golden/${name}.json`, import.meta.url)), "utf-8"));
const texts = (el, selector) => el.querySelectorAll(selector).map((node) => node.textContent);

const text = { lang: "nl", units: [["", "geen"], [" ", "hoest"], [" ", "dyspneu"]], after: "\n", first: 0, is_cut: false };
const edit = { number: 1, family: 0, value: 0.8, noise: 0.9, fate: "compared", what: "“geen” → “wat”", regions: [{ at: 0, until: 1, runs: [["del", "geen", -1], ["ins", "wat", -1]] }],
  hidden: [], scores: [null, 2, null] };
const edits = { kind: "edits", caption: "Every edit", families: [{ name: "words", median: 0.5, noise: [0.8, 0.9] }, { name: "mask", median: null, noise: null }],
  edits: [edit, { ...edit, number: 2, value: 0.2, regions: [{ at: 2, until: 4, runs: [["same", " ", -1], ["same", "dyspneu", 2], ["ins", " !", -1], ["same", "\n", -1]] }] },
    { ...edit, number: 3, family: 1, value: null, noise: null, fate: "flipped", regions: [], hidden: [1], what: "hides “hoest”", scores: null }],
  text, scores: [1, -2, null], own: [2, 3], full: 2 };

function show(...pictures) {
  openPage();
  const groups = [{ title: "One", lead: ["found"], pictures }, { title: "Two", lead: [], pictures }];
  return mount(ReportPanel, new FakeModel({ report: { title: "", notes: ["how to"], tables: [], strips: [], matrices: [], curves: [], groups } })).el;
}

test("the first group is open, others wait until they are opened, notes stand behind", () => {
  const el = show(edits), groups = el.querySelectorAll(".xw-group");
  assert.deepEqual(groups.map((group) => [group.open, group.querySelectorAll(".xw-picture").length]), [[true, 1], [false, 0]]);
  groups[1].open = true;
  groups[1].dispatch("toggle");
  groups[1].dispatch("toggle");
  assert.equal(groups[1].querySelectorAll(".xw-picture").length, 1);
  assert.deepEqual(texts(el, ".xw-behind"), ["How to read thishow to"]);
});

test("the worst edit is open first, and one click away ever after", () => {
  const el = show(edits), head = () => texts(el, ".xw-edit-head")[0], [part] = el.querySelectorAll(".xw-picture");
  assert.match(head(), /^Edit 2: stability 0.20 · worst of 2 · words/);
  const [worst, worse, better] = el.querySelectorAll(".xw-edit-tools")[0].children;
  better.dispatch("click");
  assert.match(head(), /^Edit 1: stability 0.80 · number 2 from the worst of 2/);
  worst.dispatch("click");
  assert.equal(part.dataset.edit, "2");
  worse.dispatch("click");
  worse.dispatch("click"); // nothing is worse than a flip
  assert.match(head(), /^Edit 3: changes the prediction · mask/);
});

test("points are options that arrows reach and Enter opens; the reading line says what they are", () => {
  const el = show(edits), points = el.querySelectorAll(".xw-dot"), [line] = el.querySelectorAll(".xw-reading");
  assert.deepEqual(points.map((point) => point.getAttribute("aria-label")), ["Edit 1: stability 0.80", "Edit 2: stability 0.20", "Edit 3: changes the prediction"]);
  assert.deepEqual(points.map((point) => point.getAttribute("tabindex")), ["-1", "0", "-1"]); // the one that is open
  points[1].dispatch("keydown", { key: "ArrowLeft" });
  assert.equal(document.activeElement, points[0]);
  assert.equal(line.textContent, "Edit 1: stability 0.80, other seeds 0.90. words: “geen” → “wat”");
  assert.equal(points[0].dispatch("keydown", { key: "Enter" }).stopped, 1);
  assert.deepEqual(points.map((point) => point.getAttribute("aria-selected")), ["true", "false", "false"]);
  assert.deepEqual(points.map((point) => point.getAttribute("tabindex")), ["0", "-1", "-1"]);
});

test("the edited text keeps every character and marks what changed", () => {
  const el = show(edits), lines = () => texts(el, ".xw-heat-text"), [part] = el.querySelectorAll(".xw-picture");
  assert.deepEqual(lines(), ["geen hoest dyspneu\n", "geen hoest dyspneu !\n"]);
  const open = (number) => el.querySelectorAll(".xw-edit-line").find((line) => line.textContent.includes(`${number} · `)).dispatch("click");
  open(1);
  assert.deepEqual([lines()[1], texts(el, "del")[0], texts(el, "ins")[0]], ["geenwat hoest dyspneu\n", "geen", "wat"]);
  open(3);
  assert.equal(part.dataset.edit, "3");
  assert.deepEqual(el.querySelectorAll(".xw-hidden-word").map((node) => node.getAttribute("title")), ["hoest: hidden"]);
  assert.match(el.textContent, /this edit is not explained/);
});

test("edits are listed worst first, those that change the prediction before all", () => {
  assert.deepEqual(texts(show(edits), ".xw-edit-value"), ["prediction changed", "0.20", "0.80"]);
});

test("figures on an axis say their interval, and why one is missing", () => {
  const rows = [{ name: "this", value: 0.5, low: 0.25, high: 1, role: "main", note: "" }, { name: "other", value: null, low: null, high: null, role: "control", note: "not available, because so" }];
  const el = show({ kind: "ranges", caption: "Figures", low: 0, high: 2, marks: [{ name: "even", at: 1 }], rows, note: "" });
  assert.deepEqual(texts(el, ".xw-range-number"), ["0.5 (0.25 to 1)", "not available, because so"]);
  const [span] = el.querySelectorAll(".xw-range-span");
  assert.deepEqual([span.style.values["--xw-from"], span.style.values["--xw-to"]], ["12.50%", "50.00%"]);
  assert.equal(texts(el, ".xw-report-key")[0], "Line at 1: even.");
});

test("the map of spans is a grid that arrows cross, and reads spans with their probability", () => {
  const el = show({ kind: "landscape", caption: "Ends", rows: ["a", "b"], columns: ["b", "c"], values: [[-3, -12.4], [-0.1, null]], texts: [["a b", "a b c"], ["b", ""]],
    marked: [1, 0], other: [0, 0], low: -20, high: 0 });
  const cells = el.querySelectorAll("td"), [line] = el.querySelectorAll(".xw-reading");
  assert.deepEqual(cells.map((cell) => cell.textContent), ["−3", "−12", "−0.1", ""]);
  assert.deepEqual(cells.map((cell) => cell.getAttribute("tabindex")), ["-1", "-1", "0", "-1"]);
  cells[2].dispatch("keydown", { key: "ArrowUp" });
  assert.equal(line.textContent, "“a b”: log-probability −3.00, probability 0.05, the likeliest other span");
  cells[0].dispatch("keydown", { key: "ArrowUp" }); // the edge holds
  assert.equal(document.activeElement, cells[0]);
  assert.equal(cells[3].getAttribute("aria-label"), "From “b” to “c”: no other end of this entity");
});

test("a count of flips lists the edits behind it", () => {
  const run = (words, was, now, kind = "same") => ({ kind, text: words, was, now });
  const el = show({ kind: "flips", caption: "Flips", lang: "nl", starts: [{ text: "x", own: true }, { text: "y", own: false }], ends: [{ text: "y", own: true }],
    families: [{ name: "mask", n: 2 }], cells: [{ family: 0, column: 0, edits: [1] }, { family: 0, column: 1, edits: [2] }, { family: 0, column: 2, edits: [1, 2] }],
    edits: [{ number: 2, family: "mask", then: "now Disease “y”", runs: [run("k", false, false, "hidden"), run(" x", true, false), run("y", true, true)] }] });
  const cells = el.querySelectorAll("td");
  assert.deepEqual(cells.map((cell) => [cell.textContent, cell.dataset.sign]), [["1", "stays"], ["1", "raises"], ["2", "stays"], ["", "none"], ["", "none"]]);
  assert.deepEqual(texts(el, ".xw-excerpt-about"), ["edit 2 · mask · now Disease “y”"]);
  cells[0].dispatch("click");
  assert.deepEqual(texts(el, ".xw-excerpt"), []);
  cells[1].dispatch("keydown", { key: " " });
  assert.deepEqual(texts(el, ".xw-excerpt"), ["k xy"]);
  assert.equal(cells[1].getAttribute("aria-label"), "mask: after 1 of 2 edits it starts at “y”");
});

test("real reports draw, without a number that is none", () => {
  for (const name of ["stability", "boundary", "faithfulness"]) {
    openPage();
    const report = golden(name), { el } = mount(ReportPanel, new FakeModel({ report }));
    assert.equal(el.querySelectorAll(".xw-group").length, report.groups.length);
    assert.equal(el.querySelectorAll(".xw-picture").length, report.groups[0].pictures.length);
    const numbers = el.querySelectorAll("i").flatMap((node) => Object.values(node.style.values ?? {}));
    assert.ok(numbers.length && !numbers.some((value) => String(value).includes("NaN")));
  }
});

test("hostile words make no elements in pictures", () => {
  const bad = JSON.parse(JSON.stringify({ ...edits, caption: HOSTILE }).replaceAll("hoest", HOSTILE).replaceAll("wat", HOSTILE).replaceAll("words", HOSTILE));
  const el = show(bad);
  assert.deepEqual(el.querySelectorAll("img").concat(el.querySelectorAll("script")), []);
  assert.ok(el.textContent.includes(HOSTILE));
});

test("columns under the words say how far scores move; words without a score have none", () => {
  const el = show({ kind: "spread", caption: "Spread", text, scores: [1, -2, null], spread: [0.5, 1, null], noise: [0, 0.25, null], own: [2, 3], full: 2 });
  assert.equal(texts(el, ".xw-heat-text")[0], "geen hoest dyspneu\n");
  const columns = el.querySelectorAll(".xw-columns").map((under) => under.children.map((one) => one.style.values["--xw-height"]));
  assert.deepEqual(columns, [["0.500", "0.000"], ["1.000", "0.250"]]);
  assert.deepEqual(texts(el, "td").slice(0, 4), ["1", "−2", "1", "0.25"]); // the word that moves most stands first
  assert.equal(el.querySelectorAll(".xw-strip-word")[2].dataset.own, "true");
});

test("contrasts mark the entity and the end that it might have", () => {
  const row = { name: "Why here", note: "ahead", scores: [1, -1, 0], versus: [1, 3] };
  const el = show({ kind: "contrasts", caption: "Why", text, own: [2, 3], full: 1, rows: [row, { ...row, versus: [2, 4] }] });
  assert.deepEqual(el.querySelectorAll(".xw-strip-word").map((node) => node.dataset.would ?? ""), ["", "start", "", "", "", ""]);
  assert.deepEqual(texts(el, ".xw-edit-head"), ["Why here · ahead", "Why here · ahead"]);
});
