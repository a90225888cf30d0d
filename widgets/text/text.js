// The text of a document: heat on every unit, entities as lanes, units to hide. See text.css for the looks.

const HELP = "Arrows move, Enter chooses the entity, n and p go to the next and previous one, m hides a word, Esc restores.";

function render({ model, el }) {
  const page = layout(el);
  const state = { model, page, units: [], at: Math.max(0, model.get("cursor")) };
  const stops = [
    followTheme(page.root),
    claimKeys(page.words),
    onTraits(model, [
      ["text", () => drawAll(state)],
      ["entities", () => { drawLanes(state); paint(state); }],
      ["layers layer scale selected hidden mode live", () => { drawTools(state); paint(state); }],
      ["cursor", () => moveTo(state, model.get("cursor"), false)],
    ]),
  ];
  listen(state);
  drawAll(state);
  return () => stops.forEach((stop) => stop());
}

function layout(el) {
  const page = { root: element("div", "xw-text"), tools: element("div", "xw-tools"), words: element("div", "xw-words"),
    legend: element("div", "xw-legend"), about: element("div", "xw-about"), readout: element("div", "xw-readout"),
    tip: element("div", "xw-tip") };
  page.words.setAttribute("role", "listbox");
  page.words.setAttribute("aria-multiselectable", "true");
  page.words.setAttribute("aria-label", `Text, one option per unit. ${HELP}`);
  page.words.setAttribute("dir", "auto");
  page.readout.setAttribute("aria-live", "polite");
  page.tip.setAttribute("role", "tooltip");
  page.tip.hidden = true;
  page.root.append(page.tools, page.words, page.legend, page.about, page.readout, page.tip);
  el.append(page.root);
  return page;
}

function drawAll(state) {
  const { model, page } = state;
  const text = model.get("text");
  page.words.setAttribute("lang", text.lang ?? "");
  state.units = []; state.gaps = []; state.at = Math.min(state.at, Math.max(0, (text.units ?? []).length - 1));
  const nodes = (text.units ?? []).flatMap(([before, word], i) => [gapNode(state, before), unitNode(state, word, i)]);
  page.words.replaceChildren(...nodes, element("span", "xw-gap", text.after ?? ""));
  drawLanes(state);
  drawTools(state);
  paint(state);
  page.root.dataset.ready = String(state.units.length);
}

function gapNode(state, before) {
  const gap = element("span", "xw-gap");
  gap.append(element("span", "xw-word", before));
  state.gaps.push(gap);
  return gap;
}

function unitNode(state, word, i) {
  const unit = element("span", "xw-unit");
  unit.append(element("span", "xw-word", word));
  unit.dataset.i = String(i);
  unit.setAttribute("role", "option");
  unit.setAttribute("tabindex", i === state.at ? "0" : "-1");
  state.units.push(unit);
  return unit;
}

function drawTools(state) {
  const { model, page } = state;
  const tools = [];
  if (model.get("layers").length > 1) tools.push(...model.get("layers").map((layer, i) => layerButton(model, layer, i)));
  if (model.get("layers").some((layer) => Object.keys(layer.heats).length > 1)) tools.push(scaleButton(model));
  if (model.get("live")) tools.push(hideButton(model), restoreButton(model));
  const focused = page.tools.contains(document.activeElement) ? document.activeElement.textContent : null;
  page.tools.replaceChildren(...tools);
  tools.find((tool) => tool.textContent === focused)?.focus();
}

function layerButton(model, layer, i) {
  const made = button("xw-tool", layer.name, "Show this layer", () => assign(model, { layer: i }));
  made.setAttribute("aria-pressed", String(i === model.get("layer")));
  return made;
}

function scaleButton(model) {
  const isShared = model.get("scale") === "shared";
  const made = button("xw-tool", "One colour scale for all entities", "Else each entity fills the scale of its own",
    () => assign(model, { scale: isShared ? "own" : "shared" }));
  made.setAttribute("aria-pressed", String(isShared));
  return made;
}

function hideButton(model) {
  const isHiding = model.get("mode") === "hide";
  const made = button("xw-tool", "Hide words by clicking", "Then a click hides a word or shows it again (key m)",
    () => assign(model, { mode: isHiding ? "target" : "hide" }));
  made.setAttribute("aria-pressed", String(isHiding));
  return made;
}

function restoreButton(model) {
  const made = button("xw-tool", "Show all words", "Restore every hidden word (Esc)", () => assign(model, { hidden: [] }));
  made.disabled = model.get("hidden").length === 0;
  return made;
}

export default { render };
