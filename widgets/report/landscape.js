// The spans around an entity: rows by the word at which they start, columns by the word at which they end.

function landscapeNode({ caption, rows, columns, values, texts, marked, other, low, high }) {
  const part = picturePart(caption), table = element("table", "xw-report-table xw-matrix xw-landscape");
  const line = readingLine("Arrows move over the map.");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", caption);
  table.append(gridHead(["start ↓ end →", ...columns]));
  const body = element("tbody", ""), cells = [], reads = [];
  values.forEach((row, r) => {
    const node = element("tr", "");
    node.setAttribute("role", "row");
    node.append(gridName(rows[r]), ...row.map((value, c) => {
      const cell = matrixCell(value, low, high);
      cell.setAttribute("role", "gridcell");
      cell.textContent = value === null ? "" : value > -10 ? shown(Number(value.toFixed(1))) : shown(Math.round(value));
      if (r === marked[0] && c === marked[1]) markCell(cell);
      if (other && r === other[0] && c === other[1]) cell.dataset.other = "true";
      cells.push(cell);
      reads.push(readSpan(value, texts[r][c], rows[r], columns[c], cell));
      cell.setAttribute("aria-label", [cell.textContent, reads.at(-1)].filter(Boolean).join(": ")); // begins with what is seen
      return cell;
    }));
    body.append(node);
  });
  table.append(body);
  roving(cells, { columns: columns.length, start: marked[0] * columns.length + marked[1], onRead: (i) => { line.textContent = reads[i]; } });
  const frame = element("div", "xw-report-scroll");
  frame.append(table);
  part.append(frame, line, element("p", "xw-report-key", "Frame: the entity; dashed: the likeliest other span. Hatched: no other end of this entity, or a span that the model cannot return."));
  return part;
}

function gridHead(names) {
  const head = headRow(names);
  for (const row of [...head.children]) {
    row.setAttribute("role", "row");
    for (const cell of [...row.children]) cell.setAttribute("role", "columnheader");
  }
  return head;
}

function gridName(name) {
  const cell = headCell(name, "row");
  cell.setAttribute("role", "rowheader");
  return cell;
}

function readSpan(value, text, start, end, { dataset }) {
  if (value === null) return `From “${start}” to “${end}”: no other end of this entity`;
  const role = dataset.marked ? ", the entity itself" : dataset.other ? ", the likeliest other span" : "";
  return `“${text}”: log-probability ${figure(value)}, probability ${shown(Number(Math.exp(value).toPrecision(2)))}${role}`;
}
