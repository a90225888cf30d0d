import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FakeModel, HOSTILE, mount, openPage } from "./fake_page.mjs";

const load = async (name) => (await import(`${process.env.XW_MODULES}/${name}.mjs`)).default;
const [EntityTable, Parts] = await Promise.all(["EntityTable", "TableParts"].map(load));
const CASE = JSON.parse(readFileSync(new URL(`${process.env.XW_MODULES}/entity_table.json`)));

/** As the page gets it: a view at an odd offset of a larger buffer. */
function binary(text) {
  const bytes = Buffer.from(text, "base64"), larger = new Uint8Array(bytes.length + 3);
  larger.set(bytes, 3);
  return new DataView(larger.buffer, 3, bytes.length);
}

const traits = () => ({ table: CASE.table, codes: binary(CASE.codes), figures: binary(CASE.figures), selected: {}, around: {} });
const data = Parts.unpack(CASE.table, binary(CASE.codes), binary(CASE.figures));
const inOrder = Parts.ordered(data, "", false);
const code = (words, word) => data.words[words].indexOf(word);
const choose = (more) => ({ ...Parts.noFilters(), ...more, ticked: { ...Parts.noFilters().ticked, ...more.ticked } });
const rowsOf = (more) => [...Parts.filtered(data, choose(more), inOrder).rows];

function assertScores(found, wanted) {
  for (const [scheme, figures] of Object.entries(wanted)) for (const [key, value] of Object.entries(figures)) {
    const other = found[scheme][key];
    assert.ok(value === null ? other === null : Math.abs(other - value) < 1e-12, `${scheme} ${key}: ${other}, not ${value}`);
  }
}

test("the scores of all rows are those of the library", () => {
  const { rows, counts } = Parts.filtered(data, Parts.noFilters(), inOrder);
  assertScores(Parts.figuresOf(data, Parts.tally(data, rows)), CASE.scores);
  assert.deepEqual(Object.fromEntries(data.words.class.map((name, k) => [name, counts.class[k]])), CASE.classes);
  assert.ok(Object.values(CASE.classes).every((n) => n > 0)); // every class occurs, or the case says too little
});

test("the scores of types, of parts and of a type in a part are those of the library", () => {
  const byType = Parts.scoresBy(data, inOrder, "type", new Set()), byPart = Parts.scoresBy(data, inOrder, "part", new Set());
  assert.deepEqual(byType.map(([name]) => name), Object.keys(CASE.by_type));
  for (const [name, , figures] of byType) assertScores(figures, CASE.by_type[name]);
  for (const [name, n, figures] of byPart) { assertScores(figures, CASE.by_part[name]); assert.equal(n, CASE.rows_of_part[name]); }
  const types = new Set([code("type", "A")]);
  const rows = rowsOf({ ticked: { type: types, part: new Set([code("part", "plan")]) } });
  assertScores(Parts.figuresOf(data, Parts.tally(data, rows, types)), CASE.type_of_part);
  assert.deepEqual(Parts.scoresBy(data, rows, "type", types).map(([name]) => name), ["A"]);
});

test("where nothing is left there are no scores", () => {
  assert.deepEqual(Parts.figuresOf(data, Parts.tally(data, [])).strict, { precision: null, recall: null, f1: null, gold: 0, predicted: 0 });
  const onlyGold = rowsOf({ ticked: { type: new Set([code("type", "gold only")]) } });
  assert.deepEqual(Parts.figuresOf(data, Parts.tally(data, onlyGold, new Set([code("type", "gold only")]))).strict, { precision: null, recall: 0, f1: 0, gold: 1, predicted: 0 });
});

test("filters keep the rows that pass all of them", () => {
  const missed = code("class", "missed"), { codes, figures } = data;
  const rows = rowsOf({ ticked: { class: new Set([missed]), language: new Set([code("language", "zh")]) } });
  assert.deepEqual(rows, [...inOrder].filter((row) => codes.class[row] === missed && codes.language[row] === code("language", "zh")));
  assert.ok(rows.length > 0);
  const sure = rowsOf({ ranges: { confidence: [0.5, 0.75] } });
  assert.deepEqual(sure, [...inOrder].filter((row) => figures.confidence[row] >= 0.5 && figures.confidence[row] <= 0.75));
  assert.ok(sure.length > 0 && rowsOf({ ranges: { confidence: [null, null] } }).length === data.n);
  const word = data.words.text[codes.gold_text[missed]];
  const said = rowsOf({ text: word.toUpperCase() });
  assert.deepEqual(said, [...inOrder].filter((row) => ["gold", "predicted"].some((side) => (data.words.text[codes[`${side}_text`][row]] ?? "").toLowerCase().includes(word.toLowerCase()))));
  assert.deepEqual(rowsOf({ document: "nOTE59" }), [...inOrder].filter((row) => codes.document[row] === 59));
});

test("a checklist counts what each of its entries would leave, given the other filters", () => {
  const zh = code("language", "zh"), filters = choose({ ticked: { language: new Set([zh]), class: new Set([code("class", "missed")]) } });
  const { counts } = Parts.filtered(data, filters, inOrder);
  for (const [k] of data.words.class.entries()) assert.equal(counts.class[k], rowsOf({ ticked: { language: new Set([zh]), class: new Set([k]) } }).length);
  for (const [k] of data.words.type.entries()) assert.equal(counts.type[k], rowsOf({ ticked: { ...filters.ticked, type: new Set([k]) } }).length);
});

test("sorting keeps ties in the order of the corpus and rows without a figure last, both ways", () => {
  for (const isDown of [false, true]) {
    const rows = [...Parts.ordered(data, "figure:confidence", isDown)], keys = rows.map((row) => data.figures.confidence[row]);
    const known = keys.filter((key) => !Number.isNaN(key));
    assert.deepEqual(keys.slice(0, known.length), [...known].sort((a, b) => (isDown ? b - a : a - b)));
    assert.ok(known.length < rows.length);
    const alone = rows.slice(known.length);
    assert.deepEqual(alone, [...alone].sort((a, b) => a - b));
    const classes = [...Parts.ordered(data, "class", isDown)];
    const first = classes.filter((row) => data.codes.class[row] === data.codes.class[classes[0]]);
    assert.deepEqual(first, [...first].sort((a, b) => a - b));
  }
  const texts = [...Parts.ordered(data, "text", false)].map((row) => data.words.text[data.codes.gold_text[row]] ?? data.words.text[data.codes.predicted_text[row]]);
  assert.deepEqual(texts.map((text) => data.words.text.indexOf(text)), texts.map((text) => data.words.text.indexOf(text)).sort((a, b) => a - b));
});

test("a selection finds its row again, also by the span of the other side", () => {
  const firsts = [...inOrder].map((row) => Parts.rowOf(data, Parts.selectionOf(data, row)));
  assert.deepEqual(firsts.map((row) => JSON.stringify(Parts.selectionOf(data, row))), [...inOrder].map((row) => JSON.stringify(Parts.selectionOf(data, row))));
  const row = [...inOrder].find((one) => data.words.class[data.codes.class[one]] === "too short");
  const gold = { text: data.codes.document[row], start: data.codes.gold_start[row], end: data.codes.gold_end[row], label: data.words.type[data.codes.gold_type[row]] };
  assert.equal(Parts.rowOf(data, gold), row);
  assert.equal(Parts.rowOf(data, {}), -1);
});

test("columns in which nothing can be told apart are left out", () => {
  assert.deepEqual(Parts.columnsOf(data), ["text", "class", "type", "figure:confidence", "figure:margin", "figure:length", "document", "part", "language", "flag"]);
  const plain = { ...data, words: { ...data.words, part: [""], language: ["en"] }, figures: { confidence: data.figures.confidence.map(() => NaN), length: data.figures.length },
    codes: { ...data.codes, flag: data.codes.flag.map(() => code("flag", "")) } };
  assert.deepEqual(Parts.columnsOf(plain), ["text", "class", "type", "figure:length", "document"]);
});

function show(more = {}) {
  const page = openPage();
  const model = new FakeModel({ ...traits(), ...more });
  return { page, model, ...mount(EntityTable, model) };
}
const grid = (el) => el.querySelector(".xw-grid");
const rowNodes = (el) => el.querySelectorAll(".xw-entity-row");
const line = (el) => el.querySelector(".xw-table-line").textContent;

test("only the rows that can be seen are in the page, and scrolling brings the others", () => {
  const { el } = show();
  assert.equal(line(el), `${data.n} of ${data.n} entities`);
  assert.equal(grid(el).getAttribute("aria-rowcount"), String(data.n + 1));
  assert.ok(rowNodes(el).length < 35 && data.n > 100, `${rowNodes(el).length} of ${data.n}`);
  const frame = el.querySelector(".xw-table-frame");
  frame.scrollTop = 26 * 100;
  frame.dispatch("scroll");
  assert.ok(rowNodes(el).some((node) => node.dataset.at === "100") && !rowNodes(el).some((node) => node.dataset.at === "0"));
  const heights = el.querySelectorAll(".xw-spacer").map((node) => Number.parseInt(node.style.values.height, 10));
  assert.equal(heights[0] + heights[1] + 26 * rowNodes(el).length, 26 * data.n);
});

test("a head sorts upwards, downwards and not at all", () => {
  const { el } = show();
  const press = () => el.querySelectorAll(".xw-sort")[3].dispatch("click");
  const said = () => el.querySelectorAll("th")[3].getAttribute("aria-sort");
  const seen = [];
  for (let k = 0; k < 3; k++) { press(); seen.push([said(), rowNodes(el)[0].dataset.row]); }
  assert.deepEqual(seen, [["ascending", String(Parts.ordered(data, "figure:confidence", false)[0])],
    ["descending", String(Parts.ordered(data, "figure:confidence", true)[0])], ["none", "0"]]);
  assert.equal(document.activeElement, el.querySelectorAll(".xw-sort")[3]); // the head was drawn anew
});

test("keys move and Enter selects; the selection is a span of a document", () => {
  const { el, model } = show();
  const key = (name) => grid(el).dispatch("keydown", { key: name });
  key("ArrowDown");
  assert.equal(grid(el).getAttribute("aria-activedescendant"), rowNodes(el)[1].getAttribute("id"));
  assert.deepEqual(model.saved, []);
  assert.equal(key("Enter").stopped, 1);
  assert.deepEqual(model.saved, [{ selected: Parts.selectionOf(data, 1) }]);
  assert.equal(rowNodes(el)[1].getAttribute("aria-selected"), "true");
  key("End");
  assert.ok(rowNodes(el).some((node) => node.dataset.at === String(data.n - 1) && node.dataset.active === "true"));
  key("Home");
  key("ArrowUp");
  assert.equal(rowNodes(el)[0].dataset.active, "true");
  assert.equal(key("m").stopped, 0);
  rowNodes(el)[3].children[2].dispatch("click");
  assert.deepEqual(model.saved[1], { selected: Parts.selectionOf(data, 3) });
});

test("a search narrows rows and scores, and is cleared by its button", () => {
  const { el } = show();
  const [search] = el.querySelectorAll(".xw-search"), word = data.words.text[data.codes.gold_text[0]] ?? data.words.text[data.codes.predicted_text[0]];
  search.value = word;
  search.dispatch("input");
  assert.equal(line(el), `${rowsOf({ text: word }).length} of ${data.n} entities`);
  const figures = Parts.figuresOf(data, Parts.tally(data, rowsOf({ text: word })));
  assert.equal(el.querySelector(".xw-score-table").querySelectorAll("td")[2].textContent, figures.strict.f1 === null ? "–" : figures.strict.f1.toFixed(3));
  el.querySelector(".xw-clear").dispatch("click");
  assert.equal(line(el), `${data.n} of ${data.n} entities`);
  assert.equal(search.value, "");
  search.value = "no such entity anywhere";
  search.dispatch("input");
  assert.deepEqual([rowNodes(el).length, line(el)], [0, `0 of ${data.n} entities`]);
  grid(el).dispatch("keydown", { key: "Enter" });
  grid(el).dispatch("keydown", { key: "ArrowDown" });
});

test("scores of rows that were chosen by what became of them say so; those of a part do not", () => {
  const { el } = show();
  const tick = (name) => { const label = el.querySelectorAll(".xw-ticked").find((one) => one.textContent.startsWith(name)); const [box] = label.querySelectorAll("input"); box.checked = true; box.dispatch("change"); };
  tick("plan");
  assert.equal(el.querySelectorAll(".xw-table-note").length, 0);
  tick("missed");
  assert.match(el.querySelector(".xw-table-note").textContent, /^Chosen by class: these are scores of the rows shown/);
  el.querySelectorAll(".xw-pick")[0].querySelectorAll(".xw-tool")[1].dispatch("click");
  assert.match(el.querySelector("caption").textContent, /^Scores by type/);
});

test("a selection from elsewhere is shown, other entities begin anew, and closing lets go", () => {
  const { el, model, page, close } = show();
  model.set("selected", Parts.selectionOf(data, 150));
  assert.ok(rowNodes(el).some((node) => node.dataset.row === "150" && node.getAttribute("aria-selected") === "true"));
  model.set("around", { caption: "Missed", excerpts: [{ name: "d1", lang: "zh-Hans", runs: [{ text: "头", gold: true, predicted: false, own: true }], note: "A" }] });
  assert.equal(el.querySelector(".xw-excerpt").textContent, "头");
  model.set("table", { ...CASE.table, words: { ...CASE.table.words, type: CASE.table.words.type.map(() => HOSTILE), text: CASE.table.words.text.map(() => HOSTILE) } });
  assert.ok(rowNodes(el)[0].textContent.includes(HOSTILE));
  assert.deepEqual(el.querySelectorAll("img").concat(el.querySelectorAll("script")), []);
  close();
  assert.deepEqual([model.listening, page.observers.size], [0, 0]);
});

test("without entities there is a table all the same", () => {
  const empty = { ...CASE.table, rows: 0, words: Object.fromEntries(Object.keys(CASE.table.words).map((name) => [name, []])) };
  const { el } = show({ table: empty, codes: binary(""), figures: binary("") });
  assert.equal(line(el), "0 of 0 entities");
});

test("filters, order and the open bar survive other entities; what is not there any more is let go", () => {
  const { el, model } = show(), frame = () => el.querySelector(".xw-filters");
  const search = () => el.querySelectorAll(".xw-search")[0], rows = (filters) => `${rowsOf(filters).length} of ${data.n} entities`;
  const missed = () => el.querySelectorAll(".xw-ticked").find((one) => one.textContent.startsWith("missed")).querySelectorAll("input")[0];
  search().value = "e"; search().dispatch("input");
  missed().checked = true; missed().dispatch("change");
  el.querySelectorAll(".xw-sort")[3].dispatch("click");
  const filters = { text: "e", ticked: { class: new Set([code("class", "missed")]) } }, bar = frame();
  assert.equal(line(el), rows(filters));
  model.set("figures", binary(CASE.figures)); // the same words: the bar is the same
  assert.equal(frame(), bar);
  assert.equal(line(el), rows(filters));
  const words = { ...CASE.table.words, type: [...CASE.table.words.type, "new"] }; // another word: a new bar, set as the old one
  model.set("table", { ...CASE.table, words });
  assert.notEqual(frame(), bar);
  assert.deepEqual([search().value, missed().checked, line(el)], ["e", true, rows(filters)]);
  assert.equal(el.querySelectorAll("th")[3].getAttribute("aria-sort"), "ascending");
});

test("the kernel is told what is shown, in its order, when the reader pauses", async () => {
  const { el, model, close } = show();
  el.querySelectorAll(".xw-sort")[3].dispatch("click");
  await new Promise((done) => setTimeout(done, 400));
  assert.deepEqual(model.saved, [{ shown: [...Parts.ordered(data, "figure:confidence", false)] }]);
  el.querySelectorAll(".xw-sort")[3].dispatch("click");
  close();
  await new Promise((done) => setTimeout(done, 400));
  assert.equal(model.saved.length, 1);
});
