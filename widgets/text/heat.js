// Heat on the units, what they say, and the legend.

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
  const full = heat ? fullColour(heat, state.model) : 0;
  const strength = score === null || !full ? 0 : Math.min(1, Math.abs(score) / full);
  unit.style.setProperty("--xw-strength", strength.toFixed(3));
  unit.dataset.sign = strength < 0.005 ? "none" : score > 0 ? "raises" : "lowers";
  unit.dataset.strong = String(strength >= 0.1);
  unit.dataset.active = String(heat ? heat.active[i] : true);
  unit.dataset.hidden = String(isHidden);
  unit.setAttribute("aria-selected", String(isOwn));
  unit.setAttribute("aria-label", describe(state, i, heat, isHidden));
}

/** The score of full colour: the largest of this entity, or of all entities of the layer. */
function fullColour(heat, model) {
  if (model.get("scale") === "shared") return heat.vmax;
  return Math.max(0, ...heat.scores.map((score) => Math.abs(score ?? 0)));
}

function describe(state, i, heat, isHidden = state.model.get("hidden").includes(i)) {
  const word = state.model.get("text").units[i][1];
  const score = heat ? (heat.active[i] ? `${figure(heat.scores[i], true)} ± ${figure(heat.errors[i])}` : "always kept") : "no score yet";
  return `${word}: ${score}${isHidden ? ", hidden" : ""}`;
}

function drawLegend(page, heat, model) {
  const parts = heat ? heatLegend(heat, fullColour(heat, model)) : [];
  const gold = model.get("entities").filter((entity) => entity.gold && entity.predicted !== null);
  if (gold.length) parts.push(element("span", "xw-key", "✓ predicted and gold"), element("span", "xw-key", "○ gold only: missed"));
  page.legend.replaceChildren(...parts);
  page.about.textContent = heat ? heat.about : "";
}

function heatLegend(heat, full) {
  const scale = element("span", "xw-scale");
  scale.append(element("span", "xw-number", `lowers ${figure(-full)}`), element("span", "xw-ramp"),
    element("span", "xw-number", `${figure(full, true)} raises`), element("span", "xw-key", heat.quantity));
  const kept = heat.active.includes(false) ? [element("span", "xw-key xw-kept", "hatched: always kept")] : [];
  const span = `whole text ${figure(heat.full)}, every other word hidden ${figure(heat.base)}`;
  const all = `whole text ${figure(heat.full)}, every word hidden ${figure(heat.base)}`;
  return [scale, ...kept, element("span", "xw-key", heat.active.includes(false) ? span : all)];
}
