import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { FakeModel, mount, openPage } from "./fake_page.mjs";

const Text = (await import(`${process.env.XW_MODULES}/Text.mjs`)).default;
const Entities = (await import(`${process.env.XW_MODULES}/Entities.mjs`)).default;
const defaults = JSON.parse(await readFile(new URL("text_defaults.json", `${process.env.XW_MODULES}/`), "utf8"));
const entity = (lane, predicted, gold, corrected) => ({ label: "A", text: "a", predicted, gold, confidence: null, lane, state: "", problem: "",
  corrected, start: 0, end: 1, parts: [[0, 0, 1, false]] });
const ENTITIES = [entity(0, true, true, "accepted"), entity(1, false, false, "added"), entity(2, true, false, "replaced"), entity(3, true, false, "")];

test("what a reader made of entities stands in the text, in its legend and in the list", () => {
  openPage();
  const { el } = mount(Text, new FakeModel({ ...defaults, text: { lang: "en", units: [["", "a"]], after: "" }, entities: ENTITIES }));
  const lanes = el.querySelectorAll(".xw-lane");
  assert.deepEqual(lanes.map(({ dataset }) => [dataset.kind, dataset.corrected, dataset.label]), [["both", "accepted", "A ✓ ✔"],
    ["corrected", "added", "A ✎"], ["predicted", "replaced", "A ⊘"], ["predicted", undefined, "A"]]);
  assert.ok(["✔ accepted by a reader", "✎ a reader's", "⊘ deleted or replaced by a reader"].every((words) => el.querySelector(".xw-legend").textContent.includes(words)));
  const list = mount(Entities, new FakeModel({ entities: ENTITIES, selected: 0 })).el;
  assert.deepEqual(list.querySelectorAll(".xw-fact").map((one) => one.textContent),
    ["predicted, gold · accepted by a reader", "added by a reader", "predicted · replaced by a reader", "predicted"]);
});
