// What stands in one cell of methods side by side: a bar or its stacked parts, the error, and the numbers in words.

/** A stretch of the axis from −reach to reach, in per cent of the track. */
function stretch(className, from, to, reach) {
  const made = element("span", className);
  made.style.left = `${50 + (50 * Math.min(from, to)) / reach}%`;
  made.style.right = `${50 - (50 * Math.max(from, to)) / reach}%`;
  return made;
}

function track(cell, column, reach) {
  const made = element("span", "xw-sbs-track"), by = column.factor;
  made.append(stretch("xw-sbs-zero", 0, 0, reach));
  if (cell.score) made.append(...(cell.parts ? stacked(cell.parts, by, reach) : [bar(cell.score * by, reach)]));
  if (cell.low !== null && cell.low < cell.high) made.append(stretch("xw-sbs-error", cell.low * by, cell.high * by, reach));
  return made;
}

function bar(score, reach) {
  const made = stretch("xw-sbs-bar", 0, score, reach);
  made.dataset.sign = score > 0 ? "raises" : "lowers";
  return made;
}

/** What raises stands on the right of zero, what lowers on the left, each member after the one before. */
function stacked(parts, factor, reach) {
  let right = 0, left = 0;
  return parts.flatMap((part, k) => {
    if (!part) return [];
    const from = part > 0 ? right : left, to = from + part * factor;
    if (part > 0) right = to; else left = to;
    const made = stretch("xw-sbs-part", from, to, reach);
    made.dataset.member = String(k % MEMBER_COLOURS);
    return [made];
  });
}

const MEMBER_COLOURS = 6;

/** A number with three significant digits and a true minus sign. */
function said(value, sign = false) {
  if (value === null || value === undefined) return "?";
  const text = String(Number(Math.abs(value).toPrecision(3)));
  return (value < 0 ? "−" : sign && value > 0 ? "+" : "") + text;
}

/** A score with as many decimals as the axis deserves, so that those of a column line up. */
function aligned(value, reach) {
  if (value === null) return "?";
  const decimals = reach >= 100 ? 0 : reach >= 1 ? 2 : Math.min(6, 2 - Math.floor(Math.log10(reach)));
  const text = Math.abs(value).toFixed(decimals);
  return (Number(text) === 0 ? "" : value < 0 ? "−" : "+") + text;
}

function rankOf(cell) {
  if (!cell || !cell.best) return "";
  return cell.best === cell.worst ? String(cell.best) : `${cell.best}–${cell.worst}`;
}

/** Everything about a cell in one line, for the tooltip, the readout and a screen reader. */
function inWords(row, column, cell) {
  if (!cell) return `${row.name}: always kept, ${column.name}`;
  if (cell.score === null) return `${row.name}: not a number, ${column.name}`;
  const known = cell.error === null ? "error unknown" : cell.error === 0 ? "exact" : `± ${said(cell.error)}, 95 % ${said(cell.low)} … ${said(cell.high)}`;
  const parts = (cell.parts ?? []).map((part, k) => `${column.members[k].name} ${said(part, true)}`).join(", ");
  const rank = cell.best ? `rank ${rankOf(cell)}${cell.best === cell.worst ? "" : " (cannot be told apart)"}` : "";
  const local = cell.local === undefined ? "" : `${said(100 * cell.local)} % from this text`;
  return [`${row.name}: ${said(cell.score, true)} (${known})`, rank, parts, local, column.name].filter(Boolean).join("; ");
}
