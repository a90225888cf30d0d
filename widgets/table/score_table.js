// The scores of the rows that are shown: of all of them, or of each type, part or language.

const FIGURES = ["precision", "recall", "f1"];

function scoreNodes({ data, columns, rows, filters, by }, onBy) {
  if (!hasGold(data.credits)) return [element("p", "xw-table-note", "These texts have no gold spans: nothing is right or wrong, and there are no scores.")];
  const types = filters.ticked.type, groups = ["type", "part", "language"].filter((name) => columns.includes(name));
  const shown = groups.includes(by) ? byGroup(data, rows, by, types) : bySchemes(data, rows, types);
  const narrowed = outcomeFilters(data, filters);
  const notes = [
    narrowed.length ? `Chosen by ${narrowed.join(" and ")}: these are scores of the rows shown, not of a part of the corpus.` : "",
    types.size || by === "type" ? "Of a type: precision of the spans predicted so, recall of the gold ones." : ""];
  return [pickNode(data, groups, by, onBy), plainTable(shown), ...notes.filter(Boolean).map((note) => element("p", "xw-table-note", note))];
}

/** A row a scheme. */
function bySchemes(data, rows, types) {
  const schemes = Object.entries(figuresOf(data, tally(data, rows, types)));
  const cells = schemes.map(([name, one]) => [name, ...FIGURES.map((key) => one[key]), one.gold, one.predicted]);
  return { caption: "Scores of the entities shown", columns: ["scheme", "precision", "recall", "F1", "gold", "predicted"], cells };
}

/** A row a word of a column. */
function byGroup(data, rows, by, types) {
  const schemes = Object.keys(data.credits), [first, ...others] = schemes;
  const cells = scoresBy(data, rows, by, types).map(([name, n, figures]) => [name || "(none)", n, ...FIGURES.map((key) => figures[first][key]),
    ...others.map((scheme) => figures[scheme].f1), figures[first].gold, figures[first].predicted]);
  const columns = [heading(data, by), "entities", ...["precision", "recall", "F1"].map((key) => `${first} ${key}`), ...others.map((scheme) => `${scheme} F1`), "gold", "predicted"];
  return { caption: `Scores by ${heading(data, by)}`, columns, cells };
}

function pickNode(data, groups, by, onBy) {
  const box = element("div", "xw-pick");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Scores of");
  box.append(...["", ...groups].map((name) => {
    const pick = button("xw-tool", name ? `each ${heading(data, name)}` : "all shown", "Scores of the entities shown", () => onBy(name));
    pick.setAttribute("aria-pressed", String(name === by));
    return pick;
  }));
  return box;
}

function plainTable({ caption, columns, cells }) {
  const table = element("table", "xw-score-table"), head = element("tr", ""), scrolls = element("div", "xw-score-scroll");
  head.append(...columns.map((name) => scopedCell(name, "col")));
  const rows = cells.map(([name, ...values]) => {
    const row = element("tr", "");
    row.append(scopedCell(name, "row"), ...values.map((value) => element("td", "xw-number", scoreText(value))));
    return row;
  });
  table.append(element("caption", "", caption), head, ...rows);
  for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", caption]]) scrolls.setAttribute(name, value);
  scrolls.append(table);
  return scrolls;
}

function scopedCell(text, scope) {
  const cell = element("th", "", text);
  cell.setAttribute("scope", scope);
  return cell;
}

function scoreText(value) {
  if (value === null) return "–";
  return Number.isInteger(value) && value > 1 ? String(value) : value.toFixed(3);
}
