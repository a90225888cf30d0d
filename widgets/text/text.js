// The text of a document: heat on every unit, entities as lanes, units to hide. See text.css for the looks.

const LANE_PIXELS = 17; // text.css says it too
const HELP = "Arrows move, Enter chooses the entity, n and p go to the next and previous one, m hides a word, Esc restores.";
const SIGNS = { lost: " ✗", new: " ＋" };

function render({ model, el }) {
  const page = layout(el);
  const state = { model, page, units: [], at: Math.max(0, model.get("cursor")) };
  const stops = [
    followTheme(page.root),
    onTraits(model, [
      ["text", () => drawAll(state)],
      ["entities", () => { drawLanes(state); paint(state); }],
      ["layers layer selected hidden mode live", () => { drawTools(state); paint(state); }],
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

// ---- drawing

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

function drawLanes(state) {
  const entities = state.model.get("entities");
  const lanes = entities.reduce((most, entity) => Math.max(most, entity.lane + 1), 0);
  state.page.words.style.setProperty("--xw-lanes", String(lanes));
  for (const node of [...state.units, ...state.gaps]) node.replaceChildren(node.firstChild);
  entities.forEach((entity, e) => entity.parts.forEach((part, k) => drawPart(state, entity, e, part, k === 0)));
}

function drawPart(state, entity, e, [i, from, to, joined], isFirst) {
  if (joined) state.gaps[i]?.append(laneNode(entity, e, 0, 1));
  const lane = laneNode(entity, e, from, to);
  if (isFirst) lane.dataset.label = laneLabel(entity);
  state.units[i]?.append(lane);
}

function laneNode(entity, e, from, to) {
  const lane = element("span", "xw-lane");
  lane.dataset.entity = String(e);
  lane.dataset.kind = kindOf(entity);
  if (entity.state) lane.dataset.state = entity.state;
  lane.style.left = `${100 * from}%`;
  lane.style.right = `${100 * (1 - to)}%`;
  lane.style.top = `calc(100% + ${entity.lane * LANE_PIXELS}px)`;
  lane.setAttribute("aria-hidden", "true");
  return lane;
}

/** `predicted` is null where no prediction was given: then a gold entity is neither found nor missed. */
function kindOf(entity) {
  const isPredicted = entity.state ? entity.state === "new" : entity.predicted;
  return entity.gold ? (isPredicted ? "both" : "gold") : "predicted";
}

function laneLabel(entity) {
  const sign = entity.gold && entity.predicted !== null ? (entity.predicted ? " ✓" : " ○") : "";
  return entity.label + (SIGNS[entity.state] ?? sign);
}

function drawTools(state) {
  const { model, page } = state;
  const tools = [];
  if (model.get("layers").length > 1) tools.push(...model.get("layers").map((layer, i) => layerButton(model, layer, i)));
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

// ---- heat

function paint(state) {
  const { model, page } = state;
  const heat = currentHeat(model);
  const hidden = new Set(model.get("hidden"));
  const chosen = model.get("entities")[model.get("selected")];
  const own = new Set((chosen?.parts ?? []).map((part) => part[0]));
  page.words.dataset.mode = model.get("live") ? model.get("mode") : "target";
  state.units.forEach((unit, i) => paintUnit(state, unit, i, heat, hidden.has(i), own.has(i)));
  for (const lane of page.words.querySelectorAll(".xw-lane"))
    lane.dataset.selected = String(lane.dataset.entity === String(model.get("selected")));
  drawLegend(page, heat, model);
  if (page.readout.textContent) page.readout.textContent = describe(state, state.at, heat);
}

function paintUnit(state, unit, i, heat, isHidden, isOwn) {
  const score = heat?.scores[i] ?? null;
  const strength = score === null || !heat.vmax ? 0 : Math.min(1, Math.abs(score) / heat.vmax);
  unit.style.setProperty("--xw-strength", strength.toFixed(3));
  unit.dataset.sign = strength < 0.005 ? "none" : score > 0 ? "raises" : "lowers";
  unit.dataset.strong = String(strength >= 0.1);
  unit.dataset.active = String(heat ? heat.active[i] : true);
  unit.dataset.hidden = String(isHidden);
  unit.setAttribute("aria-selected", String(isOwn));
  unit.setAttribute("aria-label", describe(state, i, heat, isHidden));
}

function describe(state, i, heat, isHidden = state.model.get("hidden").includes(i)) {
  const word = state.model.get("text").units[i][1];
  const score = heat ? (heat.active[i] ? `${figure(heat.scores[i], true)} ± ${figure(heat.errors[i])}` : "always kept") : "no score yet";
  return `${word}: ${score}${isHidden ? ", hidden" : ""}`;
}

function drawLegend(page, heat, model) {
  const parts = heat ? heatLegend(heat) : [];
  const gold = model.get("entities").filter((entity) => entity.gold && entity.predicted !== null);
  if (gold.length) parts.push(element("span", "xw-key", "✓ predicted and gold"), element("span", "xw-key", "○ gold only: missed"));
  page.legend.replaceChildren(...parts);
  page.about.textContent = heat ? heat.about : "";
}

function heatLegend(heat) {
  const scale = element("span", "xw-scale");
  scale.append(element("span", "xw-number", `lowers ${figure(-heat.vmax)}`), element("span", "xw-ramp"),
    element("span", "xw-number", `${figure(heat.vmax, true)} raises`), element("span", "xw-key", heat.quantity));
  const kept = heat.active.includes(false) ? [element("span", "xw-key xw-kept", "hatched: always kept")] : [];
  const span = `whole text ${figure(heat.full)}, every other word hidden ${figure(heat.base)}`;
  const all = `whole text ${figure(heat.full)}, every word hidden ${figure(heat.base)}`;
  return [scale, ...kept, element("span", "xw-key", heat.active.includes(false) ? span : all)];
}

// ---- acting

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

export default { render };
