// What the reader does: click, keys, hover. The model is told; drawing follows from its traits.

function listen(state) {
  const { words } = state.page;
  const indexOf = (event) => {
    const unit = event.target.closest(".xw-unit");
    return unit ? Number(unit.dataset.i) : -1;
  };
  words.addEventListener("click", (event) => onClick(state, event, indexOf(event)));
  words.addEventListener("keydown", (event) => onKey(state, event));
  words.addEventListener("mouseover", (event) => showTip(state, indexOf(event)));
  words.addEventListener("mouseleave", () => showTip(state, -1));
  words.addEventListener("focusin", (event) => { if (indexOf(event) >= 0) moveTo(state, indexOf(event), true); });
  words.addEventListener("focusout", () => showTip(state, -1));
}

function onClick(state, event, i) {
  const lane = event.target.closest(".xw-lane");
  if (lane) return assign(state.model, { selected: Number(lane.dataset.entity) });
  if (i < 0) return;
  state.units[i].focus();
  activate(state, i);
}

function activate(state, i) {
  const { model } = state;
  if (model.get("live") && model.get("mode") === "hide") return toggle(model, i);
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

function toggle(model, i) {
  if (!model.get("live")) return;
  const hidden = model.get("hidden");
  assign(model, { hidden: hidden.includes(i) ? hidden.filter((j) => j !== i) : [...hidden, i].sort((a, b) => a - b) });
}

function onKey(state, event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const action = keyAction(state, event.key);
  if (!action) return;
  event.preventDefault();
  event.stopPropagation(); // else the notebook's command mode takes the key
  action();
}

function keyAction(state, key) {
  const { model, at } = state;
  const go = (i) => () => moveTo(state, i, true, true);
  return {
    ArrowRight: go(at + 1), ArrowLeft: go(at - 1), Home: go(0), End: go(state.units.length - 1),
    ArrowDown: go(nextLine(state, 1)), ArrowUp: go(nextLine(state, -1)),
    Enter: () => activate(state, at), " ": () => activate(state, at), m: () => toggle(model, at),
    n: () => stepEntity(state, 1), p: () => stepEntity(state, -1), Escape: () => escape(model),
  }[key];
}

function escape(model) {
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
  const here = state.units[state.at];
  let best = state.at, distance = Infinity, line = null;
  for (let i = state.at + step; i >= 0 && i < state.units.length; i += step) {
    const { offsetTop, offsetLeft } = state.units[i];
    if (offsetTop === here.offsetTop) continue;
    line ??= offsetTop;
    if (offsetTop !== line) break;
    if (Math.abs(offsetLeft - here.offsetLeft) < distance) { best = i; distance = Math.abs(offsetLeft - here.offsetLeft); }
  }
  return best;
}

function moveTo(state, i, tell, focus = false) {
  if (i < 0 || i >= state.units.length) return;
  state.units[state.at]?.setAttribute("tabindex", "-1");
  state.units[state.at]?.removeAttribute("data-cursor");
  state.at = i;
  state.units[i].setAttribute("tabindex", "0");
  state.units[i].dataset.cursor = "true";
  if (focus) return state.units[i].focus(); // focusin comes back here and tells
  state.page.readout.textContent = describe(state, i, currentHeat(state.model));
  if (tell) { showTip(state, i); if (state.model.get("cursor") !== i) assign(state.model, { cursor: i }); }
}

function showTip(state, i) {
  const { tip, root } = state.page;
  tip.hidden = i < 0;
  if (i < 0) return;
  tip.textContent = describe(state, i, currentHeat(state.model));
  const unit = state.units[i].getBoundingClientRect(), frame = root.getBoundingClientRect();
  tip.style.left = `${Math.max(0, Math.min(unit.left - frame.left, frame.width - tip.offsetWidth))}px`;
  tip.style.top = `${unit.top - frame.top - tip.offsetHeight - 4}px`;
}
