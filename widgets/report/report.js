// A report: groups of pictures, then notes, tables, heat over the text, matrices, curves and excerpts. See
// views/pictures.py, views/report_parts.py and views/excerpts.py for what each part holds.

const PARTS = [["tables", tableNode], ["strips", stripNode], ["matrices", matrixNode], ["curves", curveNode],
  ["excerpts", excerptsNode]];

function render({ model, el }) {
  const root = element("article", "xw-report");
  el.append(root);
  const draw = () => drawReport(root, model.get("report"));
  const stops = [followTheme(root), claimKeys(root), onTraits(model, [["report", draw]])];
  draw();
  return () => stops.forEach((stop) => stop());
}

function drawReport(root, report) {
  const head = report.title ? [element("h3", "xw-report-title", report.title)] : [];
  const notes = (report.notes ?? []).map((note) => element("p", "xw-report-note", note));
  const parts = PARTS.flatMap(([name, draw]) => (report[name] ?? []).map(draw));
  const groups = (report.groups ?? []).map(groupNode);
  root.replaceChildren(...head, ...groups, ...(groups.length ? behind(notes, parts) : [...notes, ...parts]));
  if (report.title) root.setAttribute("aria-label", report.title);
}

/** What stands behind the pictures: how to read them, and all figures. */
function behind(notes, parts) {
  return [["How to read this", notes], ["All figures", parts]].filter(([, nodes]) => nodes.length).map(([name, nodes]) => {
    const folded = element("details", "xw-behind");
    folded.append(element("summary", "", name), ...nodes);
    return folded;
  });
}

function tableNode({ caption, columns, rows }) {
  const table = element("table", "xw-report-table");
  table.append(element("caption", "", caption), headRow(columns));
  const body = element("tbody", "");
  body.append(...rows.map((row) => bodyRow(row)));
  table.append(body);
  return scrolled(table, caption);
}

function headRow(columns) {
  const head = element("thead", ""), row = element("tr", "");
  row.append(...columns.map((name) => headCell(name, "col")));
  head.append(row);
  return head;
}

function bodyRow(cells) {
  const row = element("tr", "");
  row.append(...cells.map((cell, k) => (k === 0 ? headCell(shown(cell), "row") : bodyCell(cell))));
  return row;
}

function headCell(text, scope) {
  const cell = element(text ? "th" : "td", "", text); // the corner above the names of the rows is no head
  if (text) cell.setAttribute("scope", scope);
  return cell;
}

const LONG = 44; // characters: a cell of more is broken into lines

function bodyCell(value) {
  const text = shown(value), isLong = typeof value === "string" && text.length > LONG;
  const cell = element("td", typeof value === "number" ? "xw-cell-number" : isLong ? "xw-cell-long" : "", text);
  if (value === null) cell.setAttribute("aria-label", "not available");
  return cell;
}

/** A wide table scrolls by itself, also with the keyboard, and never widens the page. */
function scrolled(table, caption) {
  const frame = element("div", "xw-report-part xw-report-scroll");
  frame.setAttribute("tabindex", "0");
  frame.setAttribute("role", "group"); // no landmark: captions may stand several times on a page
  frame.setAttribute("aria-label", caption);
  frame.append(table);
  return frame;
}

/** A number in three significant digits with a true minus sign; a dash where there is none. */
function shown(value) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
  return text.replaceAll("-", "−");
}

/** Numbers behind a picture, folded away: what a reader of figures, or of no pictures, needs. */
function numbersBehind(caption, columns, rows) {
  const folded = element("details", "xw-report-numbers");
  folded.append(element("summary", "", "Numbers"), tableNode({ caption, columns, rows }));
  return folded;
}

export default { render };
