// The strongest units as bars in a saved page, without a chart library.

const TOP = 12;

function render({ model, el }) {
  const root = element("div", "xw-bars");
  el.append(root);
  const draw = () => drawBars(model, root);
  root.addEventListener("click", (event) => {
    const row = event.target.closest(".xw-bar-row");
    if (row) assign(model, { cursor: Number(row.dataset.unit) });
  });
  onTraits(model, [["selected layer", draw], ["cursor", () => mark(model, root)]]);
  draw();
}

function drawBars(model, root) {
  const heat = currentHeat(model);
  if (!heat) return root.replaceChildren(element("p", "xw-note", "Choose an entity to see its scores."));
  const chosen = strongest(heat);
  const reach = Math.max(1e-9, ...chosen.flatMap((i) => [heat.scores[i], heat.low[i], heat.high[i]].map((x) => Math.abs(x ?? 0))));
  const rows = chosen.map((i) => barRow(model, heat, i, reach));
  root.replaceChildren(element("p", "xw-bar-title", `${heat.target}: ${heat.quantity}, with 95 % intervals`), ...rows, facts(heat));
  mark(model, root);
}

function strongest(heat) {
  const active = heat.scores.map((_, i) => i).filter((i) => heat.active[i] && heat.scores[i]);
  return active.sort((a, b) => Math.abs(heat.scores[b]) - Math.abs(heat.scores[a]) || a - b).slice(0, TOP);
}

function barRow(model, heat, i, reach) {
  const row = element("button", "xw-bar-row");
  const track = element("span", "xw-track");
  const bar = segment("xw-fill", Math.min(0, heat.scores[i]), Math.max(0, heat.scores[i]), reach);
  bar.dataset.sign = heat.scores[i] > 0 ? "raises" : "lowers";
  track.append(segment("xw-zero", 0, 0, reach), bar);
  if (heat.low[i] !== null && heat.low[i] < heat.high[i]) track.append(segment("xw-whisker", heat.low[i], heat.high[i], reach));
  row.dataset.unit = String(i);
  row.setAttribute("type", "button");
  row.append(element("span", "xw-bar-name", unitName(model, i)), track, element("span", "xw-bar-number", `${figure(heat.scores[i], true)} ± ${figure(heat.errors[i])}`));
  return row;
}

/** A stretch of the axis from −reach to reach, in per cent of the track. */
function segment(className, from, to, reach) {
  const made = element("span", className);
  made.style.left = `${50 + (50 * from) / reach}%`;
  made.style.right = `${50 - (50 * to) / reach}%`;
  return made;
}

function unitName(model, i) {
  const words = model.get("text").units.map((pair) => pair[1]);
  return words.filter((word) => word === words[i]).length > 1 ? `${words[i]} (${i + 1})` : words[i];
}

function facts(heat) {
  const gap = `completeness gap ${figure(heat.gap)}`;
  return element("p", "xw-note", [heat.method, heat.arm, `${heat.rows} rows`, gap, heat.model, heat.hiding].filter(Boolean).join(" · "));
}

function mark(model, root) {
  for (const row of root.querySelectorAll(".xw-bar-row")) row.setAttribute("aria-pressed", String(row.dataset.unit === String(model.get("cursor"))));
}

export default { render };
