// What the reader does: click, keys, hover. The model is told; drawing follows from its traits.

function listen(state) {
  const { words } = state.page;
  const indexOf = (event) => {
    const unit = event.target.closest(".xw-unit");
    return unit ? Number(unit.dataset.i) : -1;
  };
  words.addEventListener("click", (event) => onClick(state, event, indexOf(event)));
  words.addEventListener("dblclick", (event) => onDoubleClick(state, indexOf(event)));
  words.addEventListener("keydown", (event) => onKey(state, event));
  words.addEventListener("mouseover", (event) => showTip(state, indexOf(event)));
  words.addEventListener("mouseleave", () => showTip(state, -1));
  words.addEventListener("focusin", (event) => { if (indexOf(event) >= 0) moveTo(state, indexOf(event), true); });
  words.addEventListener("focusout", () => showTip(state, -1));
  return listenForPicks(state, indexOf);
}

function onClick(state, event, i) {
  const { model } = state;
  const lane = event.target.closest(".xw-lane");
  if (lane) return assign(model, { selected: Number(lane.dataset.entity) });
  if (i < 0 || state.wasDragged) return;
  if (event.shiftKey) return pickTo(state, i);
  unpick(state);
  unitAt(state, i).focus();
  if (event.detail > 1 && model.get("live") && model.get("mode") !== "hide") return; // the second half of a double click
  activate(state, i);
}

function onDoubleClick(state, i) {
  if (i >= 0 && state.model.get("mode") !== "hide") openEditor(state);
}

function activate(state, i) {
  const { model } = state;
  if (model.get("live") && model.get("mode") === "hide") return toggle(model, [i]);
  const covering = entitiesAt(model, i);
  if (covering.length === 0) return;
  const next = covering[(covering.indexOf(model.get("selected")) + 1) % covering.length];
  assign(model, { selected: next });
}

/** Entities over a unit, the shortest first: a second click goes outwards. */
function entitiesAt(model, i) {
  const all = model.get("entities").map((entity, e) => [entity.parts.length, e, entity]);
  return all.filter(([, , entity]) => entity.parts.some((part) => part[0] === i)).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, e]) => e);
}

/** Hide units, or show them again where all of them are hidden. */
function toggle(model, units) {
  if (!model.get("live")) return;
  const hidden = new Set(model.get("hidden")), areHidden = units.every((i) => hidden.has(i));
  for (const i of units) if (areHidden) hidden.delete(i); else hidden.add(i);
  assign(model, { hidden: [...hidden].sort((a, b) => a - b) });
}

function onKey(state, event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || countOf(state) === 0) return;
  const action = (event.shiftKey ? rangeAction : keyAction)(state, event.key);
  if (!action) return;
  event.preventDefault();
  event.stopPropagation(); // else the notebook's command mode takes the key
  action();
}

/** Where a key goes to, or undefined. */
function goal(state, key) {
  const { at } = state;
  return { ArrowRight: () => at + 1, ArrowLeft: () => at - 1, Home: () => 0, End: () => countOf(state) - 1,
    ArrowDown: () => nextLine(state, 1), ArrowUp: () => nextLine(state, -1) }[key]?.();
}

function keyAction(state, key) {
  const { model, at } = state;
  const to = goal(state, key);
  if (to !== undefined) return () => { unpick(state); moveTo(state, to, true, true); };
  const live = { m: () => toggle(model, chosenUnits(state)), e: () => openEditor(state), u: () => count(model, "undone"),
    U: () => count(model, "redone") }[key];
  if (live) return model.get("live") ? live : undefined;
  return { Enter: () => activate(state, at), " ": () => activate(state, at), n: () => stepEntity(state, 1),
    p: () => stepEntity(state, -1), Escape: () => escape(state) }[key];
}

function rangeAction(state, key) {
  const to = goal(state, key);
  if (to !== undefined) return () => pickTo(state, to);
  return key === "U" && state.model.get("live") ? () => count(state.model, "redone") : undefined;
}

/** Let go of one thing at a time: the picked range, hidden words, the entity. */
function escape(state) {
  const { model } = state;
  if (model.get("picked").length) return unpick(state);
  assign(model, model.get("live") && model.get("hidden").length ? { hidden: [] } : { selected: -1 });
}

function stepEntity(state, step) {
  const entities = state.model.get("entities");
  if (entities.length === 0) return;
  const now = state.model.get("selected");
  const next = now < 0 ? (step > 0 ? 0 : entities.length - 1) : (now + step + entities.length) % entities.length;
  assign(state.model, { selected: next });
  moveTo(state, entities[next].parts[0]?.[0] ?? state.at, true, true);
}

/** The unit nearest to this one on the next or previous line. */
function nextLine(state, step) {
  const here = unitAt(state, state.at);
  let best = state.at, distance = Infinity, line = null;
  for (let i = state.at + step; i >= 0 && i < countOf(state); i += step) {
    const { offsetTop, offsetLeft } = unitAt(state, i);
    if (offsetTop === here.offsetTop) continue;
    line ??= offsetTop;
    if (offsetTop !== line) break;
    if (Math.abs(offsetLeft - here.offsetLeft) < distance) { best = i; distance = Math.abs(offsetLeft - here.offsetLeft); }
  }
  return best;
}

function moveTo(state, i, tell, focus = false) {
  if (i < 0 || i >= countOf(state)) return;
  const old = state.units[state.at], unit = unitAt(state, i);
  old?.setAttribute("tabindex", "-1");
  old?.removeAttribute("data-cursor");
  state.at = i;
  unit.setAttribute("tabindex", "0");
  unit.dataset.cursor = "true";
  if (focus) return unit.focus(); // focusin comes back here and tells
  state.page.readout.textContent = describe(state, i);
  if (tell) { showTip(state, i); tellCursor(state.model, i); }
  else reveal(state, i);
}

/** `cursor` counts the units of the document: −1 on a word that the reader put there. */
function tellCursor(model, i) {
  const unit = model.get("text").origin?.[i] ?? i;
  if (model.get("cursor") !== unit) assign(model, { cursor: unit });
}

/** The unit of the shown text for one of the document, −1 where it was replaced. */
function shownUnit(model, unit) {
  const { origin } = model.get("text");
  return origin && unit >= 0 ? origin.indexOf(unit) : unit;
}

/** Scroll a long text, and nothing around it, so that a unit is seen. */
function reveal(state, i) {
  const { words } = state.page;
  if (words.dataset.long !== "true") return;
  const frame = words.getBoundingClientRect(), unit = unitAt(state, i).getBoundingClientRect();
  if (unit.top < frame.top || unit.bottom > frame.bottom - 40) words.scrollTop += unit.top - frame.top - frame.height / 3;
}

function showTip(state, i) {
  const { tip, root } = state.page;
  tip.hidden = i < 0 || state.from >= 0 && state.wasDragged;
  if (tip.hidden) return;
  tip.textContent = describe(state, i);
  const unit = unitAt(state, i).getBoundingClientRect(), frame = root.getBoundingClientRect();
  tip.style.left = `${Math.max(0, Math.min(unit.left - frame.left, frame.width - tip.offsetWidth))}px`;
  tip.style.top = `${unit.top - frame.top - tip.offsetHeight - 4}px`;
}
