// Figures on one axis: a point with its interval, a hollow one for a control, a bar from 0, and marks across all rows.

function rangesNode({ caption, low, high, marks, rows, note }) {
  const part = picturePart(caption), list = element("ul", "xw-ranges");
  const place = (value) => `${((100 * (value - low)) / (high - low || 1)).toFixed(2)}%`;
  list.append(...rows.map((row) => rangeRow(row, marks, place)));
  part.append(list);
  if (marks.length) part.append(element("p", "xw-report-key", marks.map(({ name, at }) => `Line at ${shown(at)}: ${name}`).join(". ") + "."));
  if (note) part.append(element("p", "xw-report-note", note));
  return part;
}

function rangeRow({ name, value, low, high, role, note }, marks, place) {
  const row = element("li", "xw-range-row"), track = element("span", "xw-range-track");
  track.setAttribute("aria-hidden", "true");
  track.append(...marks.map(({ at }) => across("xw-range-mark", place, at, at)));
  if (low !== null && high !== null) track.append(across("xw-range-span", place, low, high));
  if (value !== null) track.append(role === "bar" ? across("xw-range-bar", place, Math.min(0, value), Math.max(0, value)) : across("xw-range-point", place, value, value));
  row.dataset.role = role;
  const interval = low === null ? "" : ` (${shown(low)} to ${shown(high)})`;
  const said = value === null ? note : shown(value) + interval + (note ? ` · ${note}` : "");
  row.append(element("span", "xw-range-name", name), track, element("span", "xw-range-number", said));
  return row;
}

/** A stretch of a track, in per cent of its width. */
function across(className, place, from, to) {
  const made = element("i", className);
  made.style.setProperty("--xw-from", place(from));
  made.style.setProperty("--xw-to", place(to));
  return made;
}
