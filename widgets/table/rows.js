// The rows on the screen: of 50,000, only those that can be seen are in the page.

const ROW = 26; // pixels, as in table.css
const BEYOND = 8; // rows drawn above and below the window, so that scrolling finds them there
const WINDOW = 364; // pixels, where the page has not laid the table out yet

const WIDTHS = { text: 22, class: 15, type: 10, document: 9, part: 9, language: 7, flag: 13 }; // em; the text takes what is left

function gridNode(id) {
  const frame = element("div", "xw-table-frame"), grid = element("table", "xw-grid");
  for (const [name, value] of [["role", "grid"], ["tabindex", "0"], ["id", id], ["aria-label", "Entities; arrow keys move, Enter selects"]]) grid.setAttribute(name, value);
  const head = element("thead", ""), body = element("tbody", "");
  grid.append(head, body);
  frame.append(grid);
  return { frame, grid, head, body, id };
}

/** Column heads are buttons: the first press sorts upwards, the second downwards, the third as in the corpus. */
function drawHead({ head, grid }, data, columns, sort, onSort) {
  const row = element("tr", "");
  row.setAttribute("aria-rowindex", "1");
  row.append(...columns.map((column) => {
    const cell = element("th", isFigure(column) ? "xw-number" : ""), isSorted = sort.column === column;
    cell.setAttribute("scope", "col");
    cell.setAttribute("aria-sort", isSorted ? (sort.isDown ? "descending" : "ascending") : "none");
    if (column !== "text") cell.style.setProperty("width", `${widthOf(data, column)}em`);
    const arrow = isSorted ? (sort.isDown ? " ▼" : " ▲") : "";
    cell.append(button("xw-sort", heading(data, column) + arrow, `Sort by ${heading(data, column)}`, () => onSort(column)));
    return cell;
  }));
  head.replaceChildren(row);
  grid.style.setProperty("--xw-least", `${columns.reduce((sum, column) => sum + widthOf(data, column), 0)}em`);
  grid.setAttribute("aria-colcount", String(columns.length));
}

/** A figure's name and its arrow fit into the head. */
function widthOf(data, column) {
  return isFigure(column) ? Math.min(14, Math.max(6, 3 + 0.6 * heading(data, column).length)) : WIDTHS[column];
}

function nextSort(sort, column) {
  if (sort.column !== column) return { column, isDown: false };
  return sort.isDown ? { column: "", isDown: false } : { column, isDown: true };
}

/** Draw the window of `rows`; `active` is the place of the keyboard among them, `chosen` the selected row. */
function drawRows({ frame, grid, body, id }, data, columns, { rows, active, chosen }) {
  const first = Math.max(0, Math.floor((frame.scrollTop || 0) / ROW) - BEYOND);
  const last = Math.min(rows.length, first + Math.ceil((frame.clientHeight || WINDOW) / ROW) + 2 * BEYOND);
  const drawn = [];
  for (let at = first; at < last; at++) drawn.push(rowNode(data, columns, rows[at], at, at === active, rows[at] === chosen, id));
  body.replaceChildren(spacer(first * ROW), ...drawn, spacer((rows.length - last) * ROW));
  grid.setAttribute("aria-rowcount", String(rows.length + 1));
  if (active >= first && active < last) grid.setAttribute("aria-activedescendant", `${id}-${rows[active]}`);
  else grid.removeAttribute("aria-activedescendant");
}

function spacer(height) {
  const row = element("tr", "xw-spacer");
  row.setAttribute("aria-hidden", "true");
  row.style.setProperty("height", `${Math.max(0, height)}px`);
  return row;
}

function rowNode(data, columns, row, at, isActive, isChosen, id) {
  const made = element("tr", "xw-entity-row");
  Object.assign(made.dataset, { at: String(at), row: String(row), active: String(isActive), class: data.words.class[data.codes.class[row]] });
  for (const [name, value] of [["id", `${id}-${row}`], ["aria-rowindex", at + 2], ["aria-selected", isChosen]]) made.setAttribute(name, String(value));
  made.append(...columns.map((column) => cellNode(data, column, row)));
  return made;
}

function cellNode(data, column, row) {
  const text = cellText(data, column, row), cell = element("td", isFigure(column) ? "xw-number" : "", text);
  cell.setAttribute("role", "gridcell");
  if (!isFigure(column)) cell.setAttribute("title", text); // what the width cuts off
  if (column === "type") paintTypes(cell, data, row);
  if (column === "text") {
    cell.setAttribute("lang", data.words.page_language[data.codes.language[row]] ?? "");
    cell.setAttribute("dir", "auto");
  }
  return cell;
}

/** Types that a palette colours, each in a box of its own; the words of the cell stay the same. */
function paintTypes(cell, data, row) {
  const codes = codesOf(data, "type", row);
  if (!codes.some((code) => data.paints[code]?.light)) return;
  cell.replaceChildren(...codes.flatMap((code, k) => {
    const label = element("span", "xw-type", wordOf(data, "type", code));
    paintLabel(label, { paint: data.paints[code] });
    return k ? [element("span", "", " → "), label] : [label];
  }));
}

/** Where a key leads to, or null where it is not ours. */
function placeAfter(key, active, count, page) {
  const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: count - 1 }[key];
  return to === undefined || !count ? null : Math.max(0, Math.min(count - 1, to));
}

/** Scroll so that the row of the keyboard is seen whole, below the head that stays. */
function reveal({ frame }, active) {
  const top = active * ROW, room = Math.max(ROW, (frame.clientHeight || WINDOW) - 2 * ROW);
  if (top < (frame.scrollTop || 0)) frame.scrollTop = top;
  else if (top > (frame.scrollTop || 0) + room) frame.scrollTop = top - room;
}
