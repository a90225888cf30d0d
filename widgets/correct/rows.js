// The corrections of the document, the last first; choosing one goes to what it made.

function drawCorrections(state) {
  const { model, page } = state, rows = model.get("rows");
  page.count.textContent = `Corrections of this document: ${rows.length}`;
  const items = rows.map((row, i) => correctionNode(state, row, i));
  page.list.replaceChildren(...(items.length ? items : [element("li", "xw-correct-none", "None yet.")]));
}

function correctionNode(state, row, i) {
  const item = element("li", "xw-correction");
  const go = button("xw-correct-go", "", "Go to this entity", () => act(state, "go", { row: i }));
  const lang = state.model.get("lang");
  go.append(element("span", "xw-correct-what", row.steps > 1 ? `${row.what} in ${row.steps} steps` : row.what));
  if (row.before) go.append(wordsNode(row.before, lang));
  if (row.before && row.after && row.what !== "accepted") go.append(element("span", "", "→"));
  if (row.after && row.what !== "accepted") go.append(wordsNode(row.after, lang));
  const when = element("time", "xw-correct-when", localTime(row.when));
  when.setAttribute("datetime", row.when);
  item.append(go, when);
  if (row.note) item.append(element("span", "xw-correct-note", row.note));
  return item;
}

/** A label and the words of a span. */
function wordsNode({ label, text, paint }, lang) {
  const node = element("span", "xw-correct-words"), chip = element("span", "xw-correct-chip", shownLabel({ label, paint }));
  paintLabel(chip, { paint });
  const words = element("span", "xw-correct-text", text);
  words.setAttribute("lang", lang);
  words.setAttribute("dir", "auto");
  node.append(chip, words);
  return node;
}

function localTime(iso) {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : time.toLocaleString([], { dateStyle: "short", timeStyle: "short" });
}
