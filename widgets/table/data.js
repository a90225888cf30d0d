// The columns of the table as typed arrays, and what a row says in each. See views/entity_table.py.

const NOBODY = -1;

function unpack(table, codes, figures) {
  const columns = (names, array) => Object.fromEntries(names.map((name, k) => [name, array.subarray(k * table.rows, (k + 1) * table.rows)]));
  return { n: table.rows, part: table.part, credits: table.credits, words: table.words, paints: table.paints ?? [],
    codes: columns(table.codes, new Int32Array(copied(codes))), figures: columns(table.figures, new Float64Array(copied(figures))) };
}

/** Binary traits arrive as views at any offset; typed arrays must begin at a whole number of their own size. */
function copied(view) {
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
}

/** The place in words.type of the gold label, or of the predicted one where there is no gold. */
function typeOf({ codes }, row) {
  return codes.gold_type[row] === NOBODY ? codes.predicted_type[row] : codes.gold_type[row];
}

/** The gold and the predicted code where they differ, else the one that is there. */
function codesOf({ codes }, what, row) {
  return [...new Set([codes[`gold_${what}`][row], codes[`predicted_${what}`][row]])].filter((code) => code !== NOBODY);
}

/** "gold → predicted" where they differ, else the one that is there. */
function bothSides(data, what, row) {
  return codesOf(data, what, row).map((code) => wordOf(data, what, code)).join(" → ");
}

/** A word of a column as it is shown: types by the name that a palette gives them. */
function wordOf({ words, paints }, column, code) {
  return (column === "type" ? paints[code]?.name : undefined) ?? words[column][code];
}

/** What other widgets are told: the predicted span, or the gold one where none was predicted. */
function selectionOf({ codes, words }, row) {
  const side = codes.predicted_start[row] === NOBODY ? "gold" : "predicted";
  return { text: codes.document[row], document: words.document[codes.document[row]], start: codes[`${side}_start`][row],
    end: codes[`${side}_end`][row], label: words.type[codes[`${side}_type`][row]] };
}

/** The first row of which either side is the selected span, or −1. */
function rowOf(data, selected) {
  const { codes, words, n } = data, label = words.type.indexOf(selected?.label);
  const is = (side, row) => codes[`${side}_start`][row] === selected.start && codes[`${side}_end`][row] === selected.end
    && codes[`${side}_type`][row] === label;
  for (let row = 0; label >= 0 && row < n; row++) {
    if (codes.document[row] === selected.text && (is("predicted", row) || is("gold", row))) return row;
  }
  return NOBODY;
}

/** Names of the columns on the screen; those in which nothing, or one thing only, stands are left out. */
function columnsOf({ words, figures, codes, credits }) {
  const has = (name) => words[name].length > 1;
  const numbers = Object.keys(figures).filter((name) => figures[name].some((value) => !Number.isNaN(value)));
  const flags = codes.flag.some((code) => words.flag[code] !== "") ? ["flag"] : [];
  return ["text", ...(hasGold(credits) ? ["class"] : []), "type", ...numbers.map((name) => `figure:${name}`), "document", ...["part", "language"].filter(has), ...flags];
}

/** Without a gold span anywhere nothing is right or wrong, and there are no scores. */
function hasGold(credits) { return Object.keys(credits).length > 0; }
function isFigure(column) { return column.startsWith("figure:"); }
function figureName(column) { return column.slice("figure:".length); }
function heading(data, column) { return isFigure(column) ? figureName(column) : column === "part" ? data.part : column; }

/** The cell of a column, as words. */
function cellText(data, column, row) {
  if (column === "type" || column === "text") return bothSides(data, column, row);
  if (!isFigure(column)) return data.words[column][data.codes[column][row]] ?? "";
  const value = data.figures[figureName(column)][row];
  if (Number.isNaN(value)) return "–";
  return Number.isInteger(value) && figureName(column) === "length" ? String(value) : figure(value);
}

/** All rows, ordered by a column: ties in the order of the corpus, rows without a figure last. */
function ordered(data, column, isDown) {
  const rows = Uint32Array.from({ length: data.n }, (_, row) => row);
  if (!column) return rows;
  const keys = keysOf(data, column), sign = isDown ? -1 : 1;
  return rows.sort((a, b) => {
    const [x, y] = [keys[a], keys[b]];
    if (x === y) return a - b;
    return Number.isNaN(x) || Number.isNaN(y) ? Number.isNaN(x) - Number.isNaN(y) || a - b : sign * (x - y);
  });
}

/** Words were coded in their own order. */
function keysOf(data, column) {
  const { codes, figures, n } = data;
  if (isFigure(column)) return figures[figureName(column)];
  if (column === "type") return Int32Array.from({ length: n }, (_, row) => typeOf(data, row));
  if (column === "text") return codes.gold_text.map((code, row) => (code === NOBODY ? codes.predicted_text[row] : code));
  return codes[column];
}
