// Heat read at a coarser level: sums over words or sentences, with the error that a sum can have at most.

const LONGEST_NAME = 40;

/** The group of each unit, from the first units of the groups. */
function groupsOf(starts, count) {
  const groups = new Array(count);
  for (let g = 0; g < starts.length; g++) groups.fill(g, starts[g], starts[g + 1] ?? count);
  return groups;
}

/** Sums over the active units of each group. An error is the sum of their errors: at most that, since how the errors
    of units hang together is not kept; a number that is missing is missing from the sum too. */
function groupedHeat(heat, starts) {
  const count = heat.scores.length;
  const sums = starts.map((first, g) => {
    const units = [];
    for (let i = first; i < (starts[g + 1] ?? count); i++) if (heat.active[i]) units.push(i);
    return { active: units.length > 0, score: sumOf(heat.scores, units), error: sumOf(heat.errors, units) };
  });
  return { active: sums.map((sum) => sum.active), scores: sums.map((sum) => sum.score), errors: sums.map((sum) => sum.error) };
}

function sumOf(values, places) {
  let sum = 0;
  for (const i of places) { if (values[i] === null) return null; sum += values[i]; }
  return sum;
}

/** The level that is chosen, or null for the units themselves. */
function chosenGrain(model) {
  return (model.get("text").grains ?? []).find((grain) => grain.name === model.get("grain")) ?? null;
}

function grainNote(grain) {
  return grain ? ` Colours are sums over ${grain.name}: what their units add up to, not what hiding a whole one would do; the error of a sum is at most the sum of its errors.` : "";
}

/** The text from one unit to another, as it stands there. */
function textBetween(model, first, last) {
  const { units } = model.get("text");
  return units.slice(first, last + 1).map(([before, word], k) => (k ? before : "") + word).join("");
}

function shortened(text) {
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text;
}
