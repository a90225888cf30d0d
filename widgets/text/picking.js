// A range of units, picked by dragging or with Shift and the arrows: the trait `picked`, [first, last] or [].

function listenForPicks(state, indexOf) {
  const { words } = state.page;
  words.addEventListener("mousedown", (event) => startDrag(state, event, indexOf(event)));
  words.addEventListener("mouseover", (event) => drag(state, event, indexOf(event)));
  const stop = () => endDrag(state);
  window.addEventListener("mouseup", stop);
  return () => window.removeEventListener("mouseup", stop);
}

function startDrag(state, event, i) {
  state.wasDragged = false;
  state.from = event.button === 0 && i >= 0 && !event.shiftKey ? i : -1;
}

/** The page keeps its own selection of the text beside this one, so that it can be copied. */
function drag(state, event, i) {
  if (state.from < 0 || i < 0 || !(event.buttons & 1) || (i === state.from && !state.wasDragged)) return;
  state.wasDragged = true;
  state.model.set("picked", rangeOf(state.from, i));
}

function endDrag(state) {
  if (state.wasDragged && state.from >= 0) state.model.save_changes();
  state.from = -1;
}

function rangeOf(one, other) {
  return [Math.min(one, other), Math.max(one, other)];
}

/** Extend the range from where it began to another unit. */
function pickTo(state, i) {
  if (i < 0 || i >= countOf(state)) return;
  const anchor = state.anchor ?? state.at;
  moveTo(state, i, true, true);
  state.anchor = anchor;
  assign(state.model, { picked: rangeOf(anchor, i) });
}

function unpick(state) {
  state.anchor = null;
  if (state.model.get("picked").length) assign(state.model, { picked: [] });
}

/** The picked units, else the one under the cursor. */
function chosenUnits(state) {
  const [first, last] = pickedRange(state);
  return Array.from({ length: last - first + 1 }, (_, k) => first + k);
}

function pickedRange(state) {
  const [first, last] = state.model.get("picked");
  return first === undefined || last >= countOf(state) ? [state.at, state.at] : [first, last];
}

function drawPicked(state) {
  for (const unit of state.pickedNodes) delete unit.dataset.picked;
  const [first, last] = state.model.get("picked");
  state.pickedNodes = [];
  if (first === undefined) return;
  for (let i = first; i <= Math.min(last, countOf(state) - 1); i++) {
    const unit = unitAt(state, i);
    unit.dataset.picked = i === first ? (i === last ? "only" : "first") : i === last ? "last" : "inner";
    state.pickedNodes.push(unit);
    if (i > first && state.gaps[i]) { state.gaps[i].dataset.picked = "inner"; state.pickedNodes.push(state.gaps[i]); }
  }
}
