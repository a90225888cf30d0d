// Lists of words: each word with a bar for its score, the 95 % interval, and how often it was seen.

const BAR = 120, BAR_HEIGHT = 14; // pixels

function listNode(list, k, chosen) {
  const table = element("table", "xw-word-list"), head = element("tr", ""), body = element("tbody", "");
  const caption = element("caption", "", list.caption);
  caption.append(element("span", "xw-word-about", list.about));
  const { kind = "word", more = [] } = list, columns = [kind, "score", "", "95 % interval", ...more, "seen", "documents"];
  head.append(...columns.map((name) => headCell(name)));
  const heads = element("thead", "");
  heads.append(head);
  body.append(...list.words.map((one, i) => wordRow(list, one, k, i, chosen)));
  table.append(caption, heads, body);
  if (!list.words.length) body.append(emptyRow(`no such ${kind}`, columns.length));
  const frame = element("div", "xw-word-frame");
  frame.append(table);
  return frame;
}

function headCell(name) {
  const cell = element(name ? "th" : "td", "", name);
  if (name) cell.setAttribute("scope", "col");
  return cell;
}

function emptyRow(text, columns) {
  const row = element("tr", ""), cell = element("td", "", text);
  cell.setAttribute("colspan", String(columns));
  row.append(cell);
  return row;
}

function wordRow(list, one, k, i, chosen) {
  const { more = [] } = one, row = element("tr", "xw-word-row"), head = element("th", ""), isChosen = chosen.list === k && chosen.word === i;
  const press = button("xw-word-button", one.word, "Show where it stands", () => {});
  Object.assign(press.dataset, { list: String(k), word: String(i) });
  press.setAttribute("lang", one.lang);
  press.setAttribute("dir", "auto");
  press.setAttribute("aria-pressed", String(isChosen));
  press.setAttribute("tabindex", i === 0 && k === 0 ? "0" : "-1");
  head.setAttribute("scope", "row");
  head.append(press);
  const bar = element("td", "");
  bar.append(barNode(one, list.vmax));
  row.dataset.chosen = String(isChosen);
  row.append(head, numberCell(figure(one.score, true)), bar, numberCell(interval(one)), ...more.map((value) => numberCell(value === null ? "–" : figure(value))), numberCell(String(one.seen)), numberCell(String(one.documents)));
  return row;
}

function numberCell(text) { return element("td", "xw-number", text); }
function interval({ low, high }) { return low === null || high === null ? "–" : `${figure(low)} to ${figure(high)}`; }

/** The score from the middle line on, and a thin line from end to end of its interval, cut at the ends of the scale. */
function barNode({ score, low, high }, vmax) {
  const svg = drawn("svg", { class: "xw-word-bar", width: BAR, height: BAR_HEIGHT, viewBox: `0 0 ${BAR} ${BAR_HEIGHT}`, "aria-hidden": "true" });
  const reach = 1.25 * (vmax || 1), at = (value) => (BAR / 2) * (1 + Math.max(-1, Math.min(1, value / reach)));
  svg.append(drawn("line", { class: "xw-word-zero", x1: BAR / 2, x2: BAR / 2, y1: 0, y2: BAR_HEIGHT }));
  if (score === null) return svg;
  const [from, to] = [at(Math.min(0, score)), at(Math.max(0, score))];
  svg.append(drawn("rect", { class: score < 0 ? "xw-word-lowers" : "xw-word-raises", x: from, width: to - from, y: 3, height: BAR_HEIGHT - 6 }));
  if (low !== null && high !== null) svg.append(drawn("line", { class: "xw-word-error", x1: at(low), x2: at(high), y1: BAR_HEIGHT / 2, y2: BAR_HEIGHT / 2 }));
  return svg;
}

function drawn(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}
