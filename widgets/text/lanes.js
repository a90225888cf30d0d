// Entities as lanes under the words: one line per entity, named where it begins.

const LANE_PIXELS = 17; // text.css says it too
const SIGNS = { lost: " ✗", new: " ＋" };

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
  return entity.gold ? (isPredicted ? "both" : "gold") : "predicted";
}

function laneLabel(entity) {
  const sign = entity.gold && entity.predicted !== null ? (entity.predicted ? " ✓" : " ○") : "";
  return shownLabel(entity) + (SIGNS[entity.state] ?? sign);
}
