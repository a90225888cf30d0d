// Where the ends of an entity stand after each edit: counts by family, and the edits behind the chosen count.

function flipsNode(picture) {
  const part = picturePart(picture.caption, true), { starts, ends, families, edits, lang } = picture;
  const names = [...starts, ...ends].map(({ text }) => text), columns = [...names, "another type", "lost"];
  const table = element("table", "xw-report-table xw-matrix xw-flips"), body = element("tbody", "");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", picture.caption);
  table.append(flipHead(starts, ends));
  const cells = [], hits = [], line = readingLine("Arrows move over the counts, Enter lists the edits behind one.");
  families.forEach(({ name, n }, f) => {
    const row = element("tr", "");
    row.setAttribute("role", "row");
    row.append(gridName(`${name} (${n})`), ...columns.map((_, c) => {
      const hit = picture.cells.find(({ family, column }) => family === f && column === c)?.edits ?? [];
      const cell = countCell(hit.length, n, isOwn([...starts, ...ends][c]));
      cell.dataset.first = String(c === starts.length || c === names.length);
      cell.setAttribute("aria-label", readCount(hit.length, n, name, c, starts, ends));
      cells.push(cell);
      hits.push(hit);
      return cell;
    }));
    body.append(row);
  });
  table.append(body);
  const frame = element("div", "xw-report-scroll"), list = element("ul", "xw-excerpts");
  const show = (chosen) => list.replaceChildren(...chosen.map((edit) => flipNode(edit, lang)));
  roving(cells, { columns: columns.length, onRead: (i) => { line.textContent = cells[i].getAttribute("aria-label"); },
    onChoose: (i) => show(edits.filter(({ number }) => hits[i].includes(number))) });
  frame.append(table);
  show(edits);
  part.append(frame, line, element("p", "xw-report-key", edits.length ? `The ${edits.length === 1 ? "edit that changed" : `${edits.length} edits that changed`} it: struck out is taken out, boxed is put in, crossed words are hidden; a dashed line is the entity before, a solid one after.` : "No edit changed it."), list);
  return part;
}

function isOwn(column) {
  return Boolean(column?.own);
}

function flipHead(starts, ends) {
  const head = element("thead", ""), groups = element("tr", ""), names = element("tr", "");
  const over = (text, width) => { const cell = headCell(text, "colgroup"); cell.setAttribute("colspan", String(width)); cell.setAttribute("role", "columnheader"); return cell; };
  const name = (text, own) => { const cell = headCell(text, "col"); cell.setAttribute("role", "columnheader"); cell.dataset.own = String(own); return cell; };
  groups.setAttribute("role", "row");
  names.setAttribute("role", "row");
  groups.append(over("edits of", 1), over("it starts at", starts.length), over("it ends at", ends.length), over("or", 2));
  names.append(name("family", false), ...[...starts, ...ends].map(({ text, own }) => name(text, own)), name("another type", false), name("lost", false));
  head.append(groups, names);
  return head;
}

/** The share of a family's edits as colour: blue where the end stands as it was, orange where it does not. */
function countCell(count, n, own) {
  const cell = element("td", "xw-cell-number", count ? String(count) : "");
  cell.setAttribute("role", "gridcell");
  cell.style.setProperty("--xw-strength", (n ? count / n : 0).toFixed(3));
  cell.dataset.sign = !count ? "none" : own ? "stays" : "raises";
  return cell;
}

function readCount(count, n, family, c, starts, ends) {
  const where = c < starts.length ? `it starts at “${starts[c].text}”` : c < starts.length + ends.length ? `it ends at “${ends[c - starts.length].text}”` : c === starts.length + ends.length ? "it is found as another type" : "it is lost";
  const own = isOwn([...starts, ...ends][c]) ? ", as before" : "";
  return `${family}: after ${count} of ${n} edits ${where}${own}`;
}

function flipNode({ number, family, then, runs }, lang) {
  const item = element("li", ""), text = element("span", "xw-excerpt");
  text.setAttribute("lang", lang);
  text.setAttribute("dir", "auto");
  text.append(...runs.map(({ kind, text: words, was, now }) => {
    const node = element(kind === "del" || kind === "hidden" ? "del" : kind === "ins" ? "ins" : "span", kind === "hidden" ? "xw-hidden-word" : "", words);
    if (was || now) Object.assign(node.dataset, { gold: String(was), predicted: String(now) });
    return node;
  }));
  item.append(text, element("span", "xw-excerpt-about", `edit ${number} · ${family} · ${then}`));
  return item;
}
