// The entities of a document as a list; choosing a row chooses the target.

const STATES = { lost: "no longer predicted", new: "now predicted" };

function render({ model, el }) {
  const root = element("div", "xw-entities");
  const list = element("div", "xw-rows");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Entities; arrow keys choose the target");
  root.append(list);
  el.append(root);
  const draw = () => drawRows(model, list);
  const stops = [followTheme(root), claimKeys(list), onTraits(model, [["entities selected", draw]])];
  list.addEventListener("click", (event) => choose(model, rowIndex(event)));
  list.addEventListener("keydown", (event) => onKey(model, list, event));
  draw();
  return () => stops.forEach((stop) => stop());
}

function rowIndex(event) {
  const row = event.target.closest(".xw-row");
  return row ? Number(row.dataset.entity) : -1;
}

function choose(model, index) {
  if (index >= 0) assign(model, { selected: index });
}

function drawRows(model, list) {
  const entities = model.get("entities");
  const hadFocus = list.contains(document.activeElement);
  const rows = entities.map((entity, e) => rowNode(model, entity, e));
  list.replaceChildren(...(rows.length ? rows : [element("div", "xw-none", "No entity predicted, none in the gold standard.")]));
  if (hadFocus) rows[Math.max(0, model.get("selected"))]?.focus();
}

function rowNode(model, entity, e) {
  const isChosen = e === model.get("selected");
  const row = element("div", "xw-row");
  row.dataset.entity = String(e);
  row.dataset.state = entity.state || "same";
  if (entity.corrected) row.dataset.corrected = entity.corrected;
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", String(isChosen));
  row.setAttribute("tabindex", isChosen || (e === 0 && model.get("selected") < 0) ? "0" : "-1");
  const label = element("span", "xw-label", shownLabel(entity));
  paintLabel(label, entity);
  row.append(label, element("span", "xw-name", entity.text), element("span", "xw-fact", facts(entity)));
  if (entity.problem) row.append(element("span", "xw-problem", entity.problem));
  return row;
}

function facts(entity) {
  const sure = entity.confidence === null ? "" : `p ${entity.confidence.toFixed(2)}`;
  const fate = entity.corrected ? `${entity.corrected} by a reader` : "";
  return [origin(entity), sure, fate].filter(Boolean).join(" · ");
}

/** `predicted` is null where no prediction was given: then a gold entity is neither found nor missed. */
function origin(entity) {
  if (entity.state) return STATES[entity.state] + (entity.gold ? ", gold" : "");
  if (entity.predicted) return entity.gold ? "predicted, gold" : "predicted";
  return entity.gold ? (entity.predicted === null ? "gold" : "gold only: missed") : "";
}

function onKey(model, list, event) {
  const count = model.get("entities").length;
  const now = model.get("selected");
  const next = { ArrowDown: now + 1, ArrowRight: now + 1, ArrowUp: now - 1, ArrowLeft: now - 1, Home: 0, End: count - 1,
    Enter: Math.max(0, now) }[event.key];
  if (next === undefined || count === 0 || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation(); // else the notebook's command mode takes the key
  choose(model, Math.max(0, Math.min(count - 1, next)));
}

export default { render };
