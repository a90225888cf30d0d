import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeModel, HOSTILE, mount, openPage } from "./fake_page.mjs";

const ReportPanel = (await import(`${process.env.XW_MODULES}/ReportPanel.mjs`)).default;
const run = (text, gold, predicted) => ({ text, gold, predicted, own: gold || predicted });
const part = {
  caption: "Too short: 1 of 1",
  excerpts: [{ name: "zh-1", lang: "zh-Hans", note: "confidence 0.25", runs: [run("特应", true, false), run("性皮炎", true, true), run("，", false, false), run("热", false, true)] }],
};

function show(excerpts) {
  openPage({ light: "true" });
  return mount(ReportPanel, new FakeModel({ report: { title: "", notes: [], excerpts: [excerpts] } })).el;
}

test("every character stands once, with a line for gold and one for predicted, and words for both", () => {
  const el = show(part);
  const text = el.querySelector(".xw-excerpt");
  assert.equal(text.textContent, "特应性皮炎，热");
  assert.deepEqual([text.getAttribute("lang"), text.getAttribute("dir")], ["zh-Hans", "auto"]);
  const runs = text.querySelectorAll("span");
  assert.deepEqual(runs.map((node) => node.dataset.gold ?? ""), ["true", "true", "", "false"]);
  assert.deepEqual(runs.map((node) => node.dataset.predicted ?? ""), ["false", "true", "", "true"]);
  assert.deepEqual(runs.map((node) => node.getAttribute("title") ?? ""), ["gold", "gold and predicted", "", "predicted"]);
  assert.equal(el.querySelector(".xw-excerpt-about").textContent, "zh-1 · confidence 0.25");
  assert.equal(el.querySelector(".xw-report-caption").textContent, "Too short: 1 of 1");
});

test("hostile words stay words", () => {
  const el = show({ caption: HOSTILE, excerpts: [{ name: HOSTILE, lang: "en", note: "", runs: [run(HOSTILE, true, true)] }] });
  assert.equal(el.querySelector(".xw-excerpt").textContent, HOSTILE);
  assert.equal(el.querySelectorAll("img").length, 0);
});
