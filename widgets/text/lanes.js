// Entities as lanes under the words: one line per entity, named where it begins, its fragments joined by dots.

const LANE_PIXELS = 17; // text.css says it too
const SIGNS = { lost: " ✗", new: " ＋" };
const FATES = { accepted: " ✔", added: " ✎", changed: " ✎", deleted: " ⊘", replaced: " ⊘" }; // what a reader made of it

/** Lay out the entities anew: what stands under each unit and in the gap before it. */
function placeLanes(state) {
  const entities = state.model.get("entities");
  const lanes = entities.reduce((most, entity) => Math.max(most, entity.lane + 1), 0);
  state.page.words.style.setProperty("--xw-lanes", String(lanes));
  state.lanes = lanesOf(entities);
}

/** {under, before}: lists of [entity, from, to, label, isBridge] by unit; from and to are shares of its width. */
function lanesOf(entities) {
  const under = new Map(), before = new Map();
  const put = (where, i, lane) => where.set(i, [...(where.get(i) ?? []), lane]);
  entities.forEach((entity, e) => entity.parts.forEach(([i, from, to, joined], k) => {
    const last = k ? entity.parts[k - 1] : null;
    if (joined) put(before, i, [e, 0, 1, "", false]);
    else if (last) bridge(put, under, before, e, last, [i, from]);
    put(under, i, [e, from, to, k === 0 ? laneLabel(entity) : joined ? "" : "⋯", false]);
  }));
  return { under, before };
}

/** Dots from the end of one fragment to the beginning of the next. */
function bridge(put, under, before, e, [a, , end], [b, start]) {
  if (a === b) return put(under, a, [e, end, start, "", true]);
  if (end < 1) put(under, a, [e, end, 1, "", true]);
  for (let i = a + 1; i <= b; i++) {
    put(before, i, [e, 0, 1, "", true]);
    if (i < b) put(under, i, [e, 0, 1, "", true]);
  }
  if (start > 0) put(under, b, [e, 0, start, "", true]);
}

function drawLanes(state, block) {
  const entities = state.model.get("entities"), { under, before } = state.lanes;
  for (const old of block.drawn ?? []) old.remove();
  block.drawn = [];
  const draw = (node, lanes) => { for (const lane of node && lanes ? lanes : []) { const made = laneNode(entities[lane[0]], lane); block.drawn.push(made); node.append(made); } };
  for (let i = block.first; i < block.end; i++) {
    draw(state.gaps[i], before.get(i));
    draw(state.units[i], under.get(i));
  }
  block.lanes = state.lanes;
}

function laneNode(entity, [e, from, to, label, isBridge]) {
  const lane = element("span", "xw-lane");
  lane.dataset.entity = String(e);
  lane.dataset.kind = kindOf(entity);
  if (entity.state) lane.dataset.state = entity.state;
  if (entity.corrected) lane.dataset.corrected = entity.corrected;
  if (isBridge) lane.dataset.bridge = "true";
  if (label) lane.dataset.label = label;
  paintLabel(lane, entity);
  lane.style.left = `${100 * from}%`;
  lane.style.right = `${100 * (1 - to)}%`;
  lane.style.top = `calc(100% + ${entity.lane * LANE_PIXELS}px)`;
  lane.setAttribute("aria-hidden", "true");
  return lane;
}

/** `predicted` is null where no prediction was given: then a gold entity is neither found nor missed. */
function kindOf(entity) {
  const isPredicted = entity.state ? entity.state === "new" : entity.predicted;
  if (entity.gold) return isPredicted ? "both" : "gold";
  return entity.corrected && entity.predicted === false && !entity.state ? "corrected" : "predicted";
}

function laneLabel(entity) {
  const sign = entity.gold && entity.predicted !== null ? (entity.predicted ? " ✓" : " ○") : "";
  return shownLabel(entity) + (SIGNS[entity.state] ?? sign) + (FATES[entity.corrected] ?? "");
}
