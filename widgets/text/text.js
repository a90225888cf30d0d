// The text of a document: heat on every unit, entities as lanes, units to hide and to replace. See text.css for the looks.

const HELP = "Arrows move, with Shift they pick a range; Enter chooses the entity, n and p go to the next and previous one; "
  + "m hides words, e replaces them, u takes a change back and U makes it again; Esc lets go.";

function render({ model, el }) {
  const page = layout(el);
  const state = { model, page, units: [], gaps: [], looks: [], blocks: [], at: Math.max(0, model.get("cursor")), from: -1,
    pickedNodes: [], replaced: new Map(), taken: new Map() };
  // Traits that change together arrive one by one: what comes before another text waits for it.
  const settled = (draw) => () => { if (state.text === model.get("text")) draw(); };
  const stops = [
    followTheme(page.root),
    claimKeys(page.words),
    onTraits(model, [
      ["text", () => upToDate(state)],
      ["entities", () => { if (upToDate(state)) { placeLanes(state); paint(state); } }],
      ["layers layer scale hidden mode live grain can_undo can_redo", () => { if (upToDate(state)) { drawTools(state); paint(state); } }],
      ["selected", () => { if (upToDate(state)) { drawTools(state); paint(state); showEntity(state); } }],
      ["picked", () => { if (upToDate(state)) { drawTools(state); drawPicked(state); } }],
      ["cursor", () => { const at = shownUnit(model, model.get("cursor")); if (upToDate(state) && at !== state.at) moveTo(state, at, false); }],
    ]),
    listen(state),
    () => { state.isClosed = true; state.watch?.disconnect(); },
  ];
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

/** Whether the text that is drawn is the model's. Traits that come together are all set before the first is told of: a
    new text may be there when its entities are heard of, and then all is drawn anew. */
function upToDate(state) {
  if (state.text === state.model.get("text")) return true;
  drawAll(state);
  return false;
}

/** A new text: words, lanes, heat and tools anew; who had the focus in it keeps it. */
function drawAll(state) {
  const { model, page } = state;
  state.text = model.get("text");
  const hadFocus = page.words.contains(document.activeElement);
  state.text = model.get("text");
  page.words.setAttribute("lang", model.get("text").lang ?? "");
  state.units = []; state.gaps = []; state.looks = []; state.pickedNodes = []; state.anchor = null;
  state.at = Math.min(state.at, Math.max(0, countOf(state) - 1));
  readChanges(state);
  makeBlocks(state);
  placeLanes(state);
  drawTools(state);
  paint(state);
  drawPicked(state);
  if (hadFocus && countOf(state)) unitAt(state, state.at).focus();
  page.root.dataset.ready = String(countOf(state));
}

function countOf({ model }) {
  return (model.get("text").units ?? []).length;
}

/** What the reader replaced: old words by new unit, or by the unit before which they were taken out. */
function readChanges(state) {
  state.replaced = new Map(); state.taken = new Map();
  for (const [first, last, old] of state.model.get("text").changed ?? []) {
    if (last < first) state.taken.set(first, old);
    for (let i = first; i <= last; i++) state.replaced.set(i, old);
  }
}

/** Bring the chosen entity of a long text to where it is seen. */
function showEntity(state) {
  const first = state.model.get("entities")[state.model.get("selected")]?.parts[0]?.[0];
  if (first !== undefined && first < countOf(state)) reveal(state, first);
}

export default { render };
