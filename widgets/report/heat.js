// Heat over the text, and matrices of coloured cells. Orange raises, purple lowers, as in the text widget.

const STRONGEST = 20;

function stripNode({ caption, lang, units, after, scores }) {
  const part = element("section", "xw-report-part");
  const words = element("p", "xw-heat-text");
  words.setAttribute("lang", lang ?? "");
  words.setAttribute("dir", "auto");
  const full = largestOf(scores);
  for (const [i, [gap, word]] of units.entries()) words.append(element("span", "", gap), wordNode(word, scores[i] ?? null, full));
  words.append(element("span", "", after ?? ""));
  const strongest = scores.map((score, i) => [units[i][1], score, i]).filter(([, score]) => score);
  strongest.sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]) || a[2] - b[2]);
  part.append(element("p", "xw-report-caption", caption), words, element("p", "xw-report-key", stripKey(scores, full)),
    numbersBehind(`The strongest of ${scores.length} units`, ["unit", "number", "score"], strongest.slice(0, STRONGEST).map(([word, score, i]) => [word, i, score])));
  return part;
}

function wordNode(word, score, full) {
  const node = element("span", "xw-strip-word", word);
  tint(node, score, full);
  node.setAttribute("title", `${word}: ${score === null ? "no score" : shown(score)}`);
  return node;
}

function stripKey(scores, full) {
  const none = scores.includes(null) ? " Hatched: no score." : "";
  const colours = scores.some((score) => score < 0) ? "Orange raises, purple lowers; full" : "Full";
  return full ? `${colours} colour at ${shown(full)}.${none}` : `Every score is 0.${none}`;
}

/** Colour by sign and strength: the letters keep the page's ink, a line says the sign a second time. */
function tint(node, score, full) {
  const strength = score === null || !full ? 0 : Math.min(1, Math.abs(score) / full);
  node.style.setProperty("--xw-strength", strength.toFixed(3));
  node.dataset.sign = score === null ? "missing" : strength < 0.005 ? "none" : score > 0 ? "raises" : "lowers";
  node.dataset.strong = String(strength >= 0.1);
}

function largestOf(scores) {
  return scores.reduce((most, score) => Math.max(most, Math.abs(score ?? 0)), 0);
}

function matrixNode({ caption, rows, columns, values, low, high, marked }) {
  const table = element("table", "xw-report-table xw-matrix");
  table.append(element("caption", "", caption), headRow(["", ...columns]));
  const body = element("tbody", ""), full = largestOf(values.flat());
  values.forEach((line, r) => {
    const row = element("tr", "");
    row.append(headCell(rows[r], "row"), ...line.map((value, c) => matrixCell(value, low, high, full)));
    if (marked && marked[0] === r) markCell(row.children[marked[1] + 1]);
    body.append(row);
  });
  table.append(body);
  return scrolled(table, caption);
}

/** With `low` and `high` the colour runs from none to full between them; without, both signs share a scale. */
function matrixCell(value, low, high, full) {
  const cell = element("td", "xw-cell-number", shown(value));
  const isRange = low !== undefined && high !== undefined;
  if (value === null) cell.setAttribute("aria-label", "not available");
  tint(cell, value === null || !isRange ? value : Math.max(0, value - low), isRange ? high - low : full);
  return cell;
}

function markCell(cell) {
  cell.dataset.marked = "true";
  cell.setAttribute("aria-current", "true");
}
