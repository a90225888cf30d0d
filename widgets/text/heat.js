// Heat on the units, what they say, and the legend.

/** Everything that decides how units look, gathered once for all of them. */
function gather(state) {
  const { model } = state;
  const heat = heatHere(model), grain = chosenGrain(model), count = (model.get("text").units ?? []).length;
  const chosen = model.get("entities")[model.get("selected")];
  state.picture = {
    heat, grain, sums: heat && grain ? groupedHeat(heat, grain.starts) : null,
    groups: grain ? groupsOf(grain.starts, count) : null,
    full: heat ? fullColour(heat, grain, model) : 0,
    hidden: new Set(model.get("hidden")), own: new Set((chosen?.parts ?? []).map((part) => part[0])),
  };
}

/** The heat of the chosen entity, on the units of the text that is shown: new words have no score. */
function heatHere(model) {
  const heat = currentHeat(model), { origin } = model.get("text");
  return heat && origin ? carried(heat, origin) : heat;
}

function carried(heat, origin) {
  const follow = (values, fresh) => origin.map((unit) => (unit < 0 ? fresh : values[unit]));
  return { ...heat, scores: follow(heat.scores, null), errors: follow(heat.errors, null), active: follow(heat.active, true),
    about: `${heat.about} Scores are those of the text as it was written; new words have none.` };
}

function paint(state) {
  const { model, page } = state;
  gather(state);
  page.words.dataset.mode = model.get("live") ? model.get("mode") : "target";
  freshenAll(state);
  markSelected(state);
  drawLegend(page, state.picture, model);
  if (page.readout.textContent) page.readout.textContent = describe(state, state.at);
}

function markSelected(state) {
  const selected = String(state.model.get("selected"));
  for (const { drawn } of state.blocks) for (const lane of drawn ?? []) lane.dataset.selected = String(lane.dataset.entity === selected);
}

function paintBlock(state, block) {
  for (let i = block.first; i < block.end; i++) paintUnit(state, i);
  const selected = String(state.model.get("selected"));
  for (const lane of block.drawn ?? []) lane.dataset.selected = String(lane.dataset.entity === selected);
  block.picture = state.picture;
}

function paintUnit(state, i) {
  const { heat, groups, hidden, own } = state.picture;
  const look = lookOf(state.picture, i), label = describe(state, i);
  const known = `${look.strength} ${look.sign} ${look.active} ${hidden.has(i)} ${own.has(i)} ${label}`;
  if (state.looks[i] === known) return; // the page pays for every attribute that is set
  state.looks[i] = known;
  const unit = state.units[i];
  colour(unit, look);
  unit.dataset.active = String(heat ? heat.active[i] : true);
  unit.dataset.hidden = String(hidden.has(i));
  unit.setAttribute("aria-selected", String(own.has(i)));
  unit.setAttribute("aria-label", label);
  if (state.gaps[i]) colour(state.gaps[i], groups && groups[i] === groups[i - 1] ? look : { strength: 0, sign: "none" });
}

function colour(node, { strength, sign }) {
  node.style.setProperty("--xw-strength", strength.toFixed(3));
  node.dataset.sign = sign;
  node.dataset.strong = String(strength >= 0.1);
}

/** Strength 0 to 1 and sign of a unit's colour: that of its group where a coarser level is chosen. */
function lookOf({ heat, sums, groups, full }, i) {
  const active = heat ? heat.active[i] : true;
  const score = (sums ? sums.scores[groups[i]] : heat?.scores[i]) ?? null;
  const strength = score === null || !full ? 0 : Math.min(1, Math.abs(score) / full);
  return { strength, sign: strength < 0.005 ? "none" : score > 0 ? "raises" : "lowers", active };
}

/** The score of full colour: the largest of this entity, or of all entities of the layer. */
function fullColour(heat, grain, model) {
  if (model.get("scale") !== "shared") return largest(heat, grain);
  if (!grain) return heat.vmax;
  const { origin } = model.get("text");
  return Math.max(0, ...Object.values(model.get("layers")[model.get("layer")].heats).map((one) => largest(origin ? carried(one, origin) : one, grain)));
}

function largest(heat, grain) {
  const { scores } = grain ? groupedHeat(heat, grain.starts) : heat;
  return scores.reduce((most, score) => Math.max(most, Math.abs(score ?? 0)), 0);
}

/** A unit in words: its score, what became of it, and the sum that it is part of. */
function describe(state, i) {
  const { heat, hidden } = state.picture, word = state.model.get("text").units[i][1];
  const isNew = state.model.get("text").origin?.[i] < 0;
  const score = heat && !isNew ? (heat.active[i] ? `${figure(heat.scores[i], true)} ± ${figure(heat.errors[i])}` : "always kept") : isNew ? "no score" : "no score yet";
  const was = state.replaced.has(i) ? `, in place of “${state.replaced.get(i)}”` : "";
  return `${word}: ${score}${hidden.has(i) ? ", hidden" : ""}${was}${groupWords(state, i)}`;
}

function groupWords({ model, picture: { sums, groups, grain } }, i) {
  if (!sums) return "";
  const g = groups[i], first = grain.starts[g], last = (grain.starts[g + 1] ?? groups.length) - 1;
  if (first === last || !sums.active[g]) return "";
  return ` · “${shortened(textBetween(model, first, last))}” together ${figure(sums.scores[g], true)}, error at most ${figure(sums.errors[g])}`;
}

const READER_KEYS = [[["accepted"], "✔ accepted by a reader"], [["added", "changed"], "✎ a reader's"], [["deleted", "replaced"], "⊘ deleted or replaced by a reader"]];

function drawLegend(page, { heat, grain, full }, model) {
  const parts = heat ? heatLegend(heat, full) : [];
  const gold = model.get("entities").filter((entity) => entity.gold && entity.predicted !== null);
  if (gold.length) parts.push(element("span", "xw-key", "✓ predicted and gold"), element("span", "xw-key", "○ gold only: missed"));
  for (const [fates, words] of READER_KEYS)
    if (model.get("entities").some((entity) => fates.includes(entity.corrected))) parts.push(element("span", "xw-key", words));
  if ((model.get("text").changed ?? []).length) parts.push(element("span", "xw-key xw-new", "boxed: replaced words"));
  page.legend.replaceChildren(...parts);
  page.about.textContent = heat ? heat.about + grainNote(grain) : "";
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
