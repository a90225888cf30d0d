import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeModel, HOSTILE, mount, openPage } from "./fake_page.mjs";

const { default: SideBySide } = await import(`${process.env.XW_MODULES}/SideBySide.mjs`);
const cell = (score, more = {}) => ({ score, error: 0.5, low: score - 1, high: score + 1, best: 1, worst: 3, ...more });
const column = (name, more = {}) => ({ name, about: `${name}()`, rows: 8, factor: 1, so_far: false, members: [], ...more });

function view(more = {}) {
  return {
    target: "Disease “lesion”", quantity: "log-odds", lang: "en", by_size: true, reach: 4, notes: ["one note"],
    columns: [column("A"), column("B", { factor: 10, so_far: true })],
    rows: [
      { unit: 5, name: "severe", tied: false, cells: [cell(2), cell(-0.1)] },
      { unit: 2, name: HOSTILE, tied: true, cells: [cell(-1), null] },
      { unit: 7, name: "三", tied: false, cells: [cell(null, { low: null, high: null, error: null }), cell(0.2, { error: 0, low: 0.2, high: 0.2, best: 2, worst: 2 })] },
    ], ...more,
  };
}

function shown(state = view()) {
  openPage();
  const model = new FakeModel({ view: state, cursor: -1 });
  return { model, ...mount(SideBySide, model) };
}
const cells = (el) => el.querySelectorAll(".xw-sbs-cell");
const inside = (node, name) => node.querySelectorAll(name)[0];

test("bars lie on one scale, from zero to the score", () => {
  const { el } = shown();
  const bars = el.querySelectorAll(".xw-sbs-bar").map((bar) => [bar.dataset.sign, bar.style.left, bar.style.right]);
  assert.deepEqual(bars.slice(0, 2), [["raises", "50%", "25%"], ["lowers", "37.5%", "50%"]]); // 2 of 4; −0.1 × 10 of 4
  const errors = el.querySelectorAll(".xw-sbs-error").map((one) => [one.style.left, one.style.right]);
  assert.deepEqual(errors[0], ["62.5%", "12.5%"]);
});

test("words of a cell say the error, the ranks, what is kept and what is no number", () => {
  const { el } = shown();
  const words = cells(el).map((one) => one.getAttribute("aria-label"));
  assert.equal(words[0], "severe: +2 (± 0.5, 95 % 1 … 3); rank 1–3 (cannot be told apart); A; shown as +2.00");
  assert.equal(words[3], `${HOSTILE}: always kept, B`);
  assert.equal(words[4], "三: not a number, A");
  assert.equal(words[5], "三: +0.2 (exact); rank 2; B; shown as +0.200");
});

test("heads tell rows, what is not finished, and a scale of their own", () => {
  const { el } = shown();
  const about = el.querySelectorAll(".xw-sbs-about").map((one) => one.textContent);
  assert.deepEqual(about, ["8 rows", "8 rows so far · bars × 10, not in units of the score"]);
  const ticks = el.querySelectorAll(".xw-sbs-axis").map((axis) => axis.children.map((tick) => tick.textContent));
  assert.deepEqual(ticks, [["−4", "0", "4"], ["−0.4", "0", "0.4"]]);
});

test("ties are marked, and text is only ever text", () => {
  const { el } = shown();
  const rows = el.querySelectorAll("tr").slice(1);
  assert.deepEqual(rows.map((row) => row.dataset.tied ?? "no"), ["no", "true", "no"]);
  assert.equal(rows[1].children[0].textContent, HOSTILE);
  assert.equal(el.querySelectorAll("img").length, 0);
});

test("parts of a fusion are stacked, each side on its own", () => {
  const members = [{ name: "A", weight: 0.25 }, { name: "B", weight: 0.75 }, { name: "C", weight: 0 }];
  const rows = [{ unit: 1, name: "x", tied: false, cells: [cell(1, { parts: [2, -1, 0], local: 0.8 })] }];
  const { el } = shown(view({ columns: [column("Fused", { members })], rows }));
  const track = inside(el, ".xw-sbs-track"), parts = track.children.filter((one) => one.matches(".xw-sbs-part"));
  assert.deepEqual(parts.map((one) => [one.dataset.member, one.style.left, one.style.right]), [["0", "50%", "25%"], ["1", "37.5%", "50%"]]);
  assert.equal(inside(el, ".xw-sbs-members").textContent, "A 0.25B 0.75C 0");
  assert.match(cells(el)[0].getAttribute("aria-label"), /A \+2, B −1, C 0; 80 % from this text; Fused/);
});

test("keys walk the grid with one tab stop, Enter chooses, other keys are the notebook's", () => {
  const { el, model } = shown();
  const grid = cells(el);
  assert.deepEqual(grid.map((one) => one.getAttribute("tabindex")), ["0", "-1", "-1", "-1", "-1", "-1"]);
  grid[0].focus();
  const press = (key, more) => document.activeElement.dispatch("keydown", { key, ...more });
  press("ArrowRight"); press("ArrowDown"); press("ArrowRight");
  assert.equal(document.activeElement, grid[3]);
  press("End");
  assert.equal(document.activeElement, grid[5]);
  press("Home"); press("ArrowLeft");
  assert.equal(document.activeElement, grid[0]);
  assert.equal(inside(el, ".xw-sbs-readout").textContent, grid[0].getAttribute("aria-label"));
  assert.equal(grid.filter((one) => one.getAttribute("tabindex") === "0").length, 1);
  assert.equal(press("Enter").prevented, 1);
  assert.deepEqual(model.saved, [{ cursor: 5 }]);
  assert.equal(press("a").prevented, 0);
  assert.equal(press("ArrowDown", { ctrlKey: true }).prevented, 0);
});

test("the chosen unit is marked, and stays marked in another view", () => {
  const { el, model } = shown();
  const marked = () => el.querySelectorAll("tr").slice(1).map((row) => row.getAttribute("aria-selected"));
  model.set("cursor", 2);
  assert.deepEqual(marked(), ["false", "true", "false"]);
  model.set("view", view({ rows: view().rows.slice(1) }));
  assert.deepEqual(marked(), ["true", "false"]);
  model.set("view", {});
  assert.equal(el.children[0].children.length, 0);
});

test("focus stays in the grid when a sharper view comes, and nothing listens after the end", () => {
  const { el, model, close } = shown();
  cells(el)[3].focus();
  model.set("view", view());
  assert.equal(document.activeElement, cells(el)[3]);
  close();
  assert.equal(model.listening, 0);
});
