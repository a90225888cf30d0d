import assert from "node:assert/strict";
import { test } from "node:test";

const { default: parts } = await import(`${process.env.XW_MODULES}/TextParts.mjs`);
const { blockStarts, groupsOf, groupedHeat, lanesOf, lineEnd } = parts;
const words = (count, more = () => null) => Array.from({ length: count }, (_, i) => more(i) ?? [" ", "w"]);

test("short texts are one block; long ones begin blocks on new lines", () => {
  assert.deepEqual(blockStarts([]), [0]);
  assert.deepEqual(blockStarts(words(449)), [0]);
  assert.deepEqual(blockStarts(words(700, (i) => (i % 100 === 0 ? ["\n", "w"] : null))), [0, 200, 400, 600]);
});

test("a very long line is cut behind a sentence, and anywhere where there is none", () => {
  assert.deepEqual(blockStarts(words(700, (i) => (i === 310 ? ["", "。"] : null))), [0, 311]);
  assert.deepEqual(blockStarts(words(1000)), [0, 450, 900]);
});

test("of a gap, the line break stays with the block before and the indent goes to the next", () => {
  assert.deepEqual([lineEnd("\n"), lineEnd(" \n\n  "), lineEnd("  ")], ["\n", " \n\n", ""]);
});

const HEAT = { scores: [2, -1, 4, null, 1], errors: [0.5, 0.25, 9, 0, null], active: [true, true, false, true, true] };

test("sums are over active units; their error is the sum of errors; what is missing stays missing", () => {
  assert.deepEqual(groupedHeat(HEAT, [0, 2, 3]), { active: [true, false, true], scores: [1, 0, null], errors: [0.75, 0, null] });
  assert.deepEqual(groupedHeat(HEAT, [0, 4]), { active: [true, true], scores: [null, 1], errors: [0.75, null] });
});

test("each unit knows its group", () => {
  assert.deepEqual(groupsOf([0, 2, 3], 5), [0, 0, 1, 2, 2]);
  assert.deepEqual(groupsOf([], 0), []);
});

const entity = (...parts) => ({ label: "D", gold: false, predicted: true, parts });
const flat = (lanes) => [...lanes].sort(([a], [b]) => a - b).map(([i, list]) => [i, ...list.map(([, from, to, label, dots]) => `${from}-${to}${label}${dots ? "…" : ""}`)]);

test("fragments are joined by dots through units and gaps; each is marked where it goes on", () => {
  const { under, before } = lanesOf([entity([1, 0, 0.5, false], [4, 0.5, 1, false], [5, 0, 1, true])]);
  assert.deepEqual(flat(under), [[1, "0-0.5D", "0.5-1…"], [2, "0-1…"], [3, "0-1…"], [4, "0-0.5…", "0.5-1⋯"], [5, "0-1"]]);
  assert.deepEqual(flat(before), [[2, "0-1…"], [3, "0-1…"], [4, "0-1…"], [5, "0-1"]]);
});

test("two fragments in one unit are joined within it", () => {
  assert.deepEqual(flat(lanesOf([entity([0, 0, 0.2, false], [0, 0.6, 1, false])]).under), [[0, "0-0.2D", "0.2-0.6…", "0.6-1⋯"]]);
});
