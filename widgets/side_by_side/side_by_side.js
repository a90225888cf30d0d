// Methods side by side: a grid with a row a unit and a column a method, all bars on one scale.

const MANY = 2; // columns: with more there is no room for ranks, which the readout says as well

function render({ model, el }) {
  const root = element("div", "xw-sbs");
  const place = { row: 0, column: 0, nodes: [] };
  el.append(root);
  const draw = () => drawTable(model, root, place);
  const stops = [followTheme(root), claimKeys(root), onTraits(model, [["view", draw], ["cursor", () => markRow(model, place)]])];
  root.addEventListener("click", (event) => choose(model, event.target));
  root.addEventListener("keydown", (event) => onKey(model, place, event));
  root.addEventListener("focusin", (event) => follow(root, place, event.target));
  root.addEventListener("mouseover", (event) => follow(root, place, event.target, true));
  draw();
  return () => stops.forEach((stop) => stop());
}

function drawTable(model, root, place) {
  const view = model.get("view"), had = root.contains(document.activeElement) && document.activeElement.dataset?.row !== undefined;
  if (!view.columns?.length) { place.nodes = []; return root.replaceChildren(); }
  const reach = view.reach || 1;
  const table = element("table", "xw-sbs-table");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", `${view.target}: ${view.quantity}`);
  table.setAttribute("lang", view.lang || "und");
  const body = element("tbody", "");
  place.nodes = view.rows.map((row, r) => view.columns.map((column, c) => cellNode(view, row, column, r, c, reach)));
  body.append(...view.rows.map((row, r) => rowNode(row, place.nodes[r])));
  table.append(headNode(view, reach), body);
  table.style.setProperty("--xw-columns", String(view.columns.length));
  root.dataset.many = String(view.columns.length > MANY);
  const frame = element("div", "xw-sbs-frame");
  frame.append(table);
  const readout = element("p", "xw-sbs-readout");
  readout.setAttribute("aria-live", "polite");
  root.replaceChildren(element("p", "xw-sbs-title", `${view.target}: ${view.quantity}, change when kept; lines are 95 % intervals`), frame, readout,
    ...(view.notes ?? []).map((note) => element("p", "xw-sbs-note", note)));
  place.readout = readout;
  moveTo(place, Math.min(place.row, place.nodes.length - 1), Math.min(place.column, view.columns.length - 1), had);
  markRow(model, place);
  root.dataset.ready = String(Number(root.dataset.ready ?? 0) + 1);
}

function headNode(view, reach) {
  const head = element("thead", ""), row = element("tr", "");
  row.append(heading("xw-sbs-unit", view.by_size ? "unit, strongest first" : "unit, in the text"), ...view.columns.map((column) => columnHead(column, reach)));
  head.append(row);
  return head;
}

function heading(className, text) {
  const made = element("th", className, text);
  made.setAttribute("scope", "col");
  return made;
}

function columnHead(column, reach) {
  const made = heading("xw-sbs-method", "");
  const name = element("span", "xw-sbs-name", column.name), about = [`${column.rows} rows${column.so_far ? " so far" : ""}`];
  name.setAttribute("title", column.about);
  if (column.factor !== 1) about.push(`bars × ${said(column.factor)}, not in units of the score`);
  made.append(name, element("span", "xw-sbs-about", about.join(" · ")));
  if (column.members.length) made.append(membersNode(column.members));
  const axis = element("span", "xw-sbs-inside"), ticks = element("span", "xw-sbs-axis");
  ticks.append(...[-reach, 0, reach].map((at) => element("span", "", said(at / column.factor))));
  axis.append(ticks, element("span", "xw-sbs-number"), element("span", "xw-sbs-rank"));
  made.append(axis);
  return made;
}

function membersNode(members) {
  const list = element("span", "xw-sbs-members");
  list.append(...members.map((member, k) => {
    const item = element("span", "xw-sbs-member"), swatch = element("span", "xw-sbs-swatch xw-sbs-part");
    swatch.dataset.member = String(k % MEMBER_COLOURS);
    item.append(swatch, element("span", "", `${member.name} ${member.weight === null ? "" : said(member.weight)}`));
    return item;
  }));
  return list;
}

function rowNode(row, cells) {
  const made = element("tr", ""), name = element("th", "xw-sbs-unit", row.name);
  name.setAttribute("scope", "row");
  if (row.tied) { made.dataset.tied = "true"; name.setAttribute("title", "The errors leave open whether this unit or the one above weighs more."); }
  made.dataset.unit = String(row.unit);
  made.append(name, ...cells);
  return made;
}

function cellNode(view, row, column, r, c, reach) {
  const cell = row.cells[c], made = element("td", "xw-sbs-cell");
  const shown = cell ? aligned(cell.score, reach / column.factor) : "", words = sayingWhatIsSeen(inWords(row, column, cell), shown);
  made.setAttribute("aria-label", words);
  made.setAttribute("tabindex", "-1");
  Object.assign(made.dataset, { row: String(r), column: String(c), unit: String(row.unit), words });
  const inside = element("span", "xw-sbs-inside");
  if (!cell) inside.append(element("span", "xw-sbs-kept", "always kept"));
  else inside.append(track(cell, column, reach), element("span", "xw-sbs-number", shown), rankNode(cell));
  made.append(inside);
  return made;
}

/** The rank is drawn by the style sheet: the name of the cell says it in words. */
function rankNode(cell) {
  const made = element("span", "xw-sbs-rank");
  if (rankOf(cell)) made.dataset.rank = rankOf(cell);
  return made;
}

/** Whoever speaks to the page names a cell by the number that is seen, which may be rounded harder. */
function sayingWhatIsSeen(words, shown) {
  return shown === "?" || words.includes(shown) ? words : `${words}; shown as ${shown}`;
}

/** The cell that the page's focus or pointer is on is read out. */
function follow(root, place, target, isPointer = false) {
  const cell = target.closest?.(".xw-sbs-cell");
  if (!cell) return;
  place.readout.textContent = cell.dataset.words;
  if (!isPointer) moveTo(place, Number(cell.dataset.row), Number(cell.dataset.column), false);
}

/** One tab stop for the whole grid: the cell that was visited last. */
function moveTo(place, row, column, isFocused) {
  place.nodes[place.row]?.[place.column]?.setAttribute("tabindex", "-1");
  Object.assign(place, { row: Math.max(0, row), column: Math.max(0, column) });
  const cell = place.nodes[place.row]?.[place.column];
  cell?.setAttribute("tabindex", "0");
  if (isFocused) cell?.focus();
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function onKey(model, place, event) {
  if (event.ctrlKey || event.altKey || event.metaKey || !place.nodes.length) return;
  const last = [place.nodes.length - 1, place.nodes[0].length - 1], step = STEPS[event.key];
  if (step) moveTo(place, clamped(place.row + step[0], last[0]), clamped(place.column + step[1], last[1]), true);
  else if (event.key === "Home" || event.key === "End") moveTo(place, event.key === "Home" ? 0 : last[0], place.column, true);
  else if (event.key === "Enter" || event.key === " ") choose(model, event.target);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function clamped(at, last) {
  return Math.max(0, Math.min(last, at));
}

function choose(model, target) {
  const row = target.closest?.("tr");
  if (row?.dataset.unit !== undefined) assign(model, { cursor: Number(row.dataset.unit) });
}

function markRow(model, place) {
  const cursor = String(model.get("cursor"));
  for (const [cell] of place.nodes) {
    const row = cell.parent ?? cell.parentElement;
    if (row) row.setAttribute("aria-selected", String(cell.dataset.unit === cursor));
  }
}

export default { render };
