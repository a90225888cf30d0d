import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeModel, HOSTILE, mount, openPage } from "./fake_page.mjs";

const Strip = (await import(`${process.env.XW_MODULES}/Strip.mjs`)).default;

function strip(names, index = 0) {
  openPage();
  const model = new FakeModel({ names, index, label: "Views" });
  return { model, ...mount(Strip, model) };
}

test("one tab is open, and it alone is reached by Tab", () => {
  const { el } = strip(["A", HOSTILE, "C"], 1);
  const tabs = el.querySelectorAll(".xw-tab");
  assert.deepEqual(tabs.map((tab) => tab.textContent), ["A", HOSTILE, "C"]);
  assert.deepEqual(tabs.map((tab) => tab.getAttribute("aria-selected")), ["false", "true", "false"]);
  assert.deepEqual(tabs.map((tab) => tab.getAttribute("tabindex")), ["-1", "0", "-1"]);
});

test("click opens, arrow keys go round, other keys are left alone", () => {
  const { model, el } = strip(["A", "B", "C"]);
  el.querySelectorAll(".xw-tab")[2].dispatch("click");
  assert.equal(model.get("index"), 2);
  const root = el.querySelector(".xw-strip");
  assert.equal(root.dispatch("keydown", { key: "ArrowRight" }).stopped, 1);
  assert.equal(model.get("index"), 0);
  root.dispatch("keydown", { key: "ArrowLeft" });
  assert.equal(model.get("index"), 2);
  root.dispatch("keydown", { key: "Home" });
  assert.equal(model.get("index"), 0);
  root.dispatch("keydown", { key: "ArrowRight", ctrlKey: true });
  root.dispatch("keydown", { key: "x" });
  assert.equal(model.get("index"), 0);
});
