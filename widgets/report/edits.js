// Every edit as a point, family by family, over the band of the noise arm; one edit is open, with both explanations.

const POINTS_APART = 0.022; // of the axis: nearer points are stacked

function editsNode(picture) {
  const part = picturePart(picture.caption, true), ranked = rankedEdits(picture.edits);
  const line = readingLine("Arrows move between edits, Enter opens one."), chosen = element("div", "xw-chosen-edit");
  const [dots, points, order] = familyRows(picture);
  const [list, lines] = editList(picture, ranked);
  const choose = (edit) => {
    chosen.replaceChildren(...chosenEdit(picture, edit, ranked));
    order.forEach((one, i) => points[i].setAttribute("aria-selected", String(one === edit)));
    ranked.forEach((one, i) => lines[i].setAttribute("aria-pressed", String(one === edit)));
    stopAt(Math.max(0, order.indexOf(edit)));
    listAt(ranked.indexOf(edit));
    part.dataset.edit = String(edit.number);
  };
  const read = (edit) => { line.textContent = readEdit(edit, picture); };
  const stopAt = roving(points, { onRead: (i) => read(order[i]), onChoose: (i) => choose(order[i]) });
  const listAt = roving(lines, { onRead: (i) => read(ranked[i]), onChoose: (i) => choose(ranked[i]) });
  const worst = ranked.find((edit) => edit.value !== null) ?? ranked[0];
  part.append(dots, editsKey(), stepButtons(ranked, () => ranked.findIndex((edit) => String(edit.number) === part.dataset.edit), worst, choose), line, chosen, list);
  choose(worst);
  return part;
}

/** Edits that change the prediction first, then the least stable; those that could not be compared last. */
function rankedEdits(edits) {
  const rank = (edit) => (edit.fate === "flipped" ? -2 : edit.value ?? 2);
  return [...edits].sort((a, b) => rank(a) - rank(b) || a.number - b.number);
}

function stepButtons(ranked, at, worst, choose) {
  const bar = element("div", "xw-edit-tools"), step = (by) => choose(ranked[Math.min(ranked.length - 1, Math.max(0, at() + by))]);
  bar.append(button("xw-tool", "Worst edit", "The edit after which the explanation is least alike", () => choose(worst)),
    button("xw-tool", "◂ Worse", "The next worse edit", () => step(-1)), button("xw-tool", "Better ▸", "The next better edit", () => step(1)));
  return bar;
}

/** [the chart, the nodes of all points, their edits], row by row. */
function familyRows({ families, edits }) {
  const values = edits.flatMap(({ value }) => (value === null ? [] : [value]));
  const low = Math.min(0, ...values, ...families.flatMap(({ noise }) => noise ?? []));
  const place = (value) => `${((100 * (value - low)) / (1 - low)).toFixed(2)}%`;
  const chart = element("div", "xw-dots"), points = [], order = [];
  chart.setAttribute("role", "listbox");
  chart.setAttribute("aria-label", "Edits by family; further right is more stable");
  families.forEach((family, f) => {
    const mine = edits.filter((edit) => edit.family === f), row = element("div", "xw-dot-row"), track = element("span", "xw-dot-track");
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", family.name);
    if (family.noise) track.append(across("xw-noise-band", place, ...family.noise));
    if (family.median !== null) track.append(across("xw-median", place, family.median, family.median));
    const nodes = pointNodes(mine, place);
    track.append(...nodes);
    points.push(...nodes);
    order.push(...mine);
    row.append(element("span", "xw-range-name", family.name), track, element("span", "xw-range-number", familyFigure(family, mine)));
    chart.append(row);
  });
  chart.append(axisRow(low, place));
  return [chart, points, order];
}

function pointNodes(edits, place) {
  const taken = [];
  return edits.map((edit) => {
    const node = element("span", "xw-dot"), at = edit.value ?? 1;
    const level = edit.value === null ? taken.filter((one) => one === "aside").length : taken.filter((one) => one !== "aside" && Math.abs(one - at) < POINTS_APART).length;
    taken.push(edit.value === null ? "aside" : at);
    node.setAttribute("role", "option");
    node.setAttribute("aria-selected", "false");
    node.setAttribute("aria-label", fateOf(edit));
    node.dataset.fate = edit.fate;
    const aside = { from: `calc(100% + ${14 + 13 * (level % 3)}px)`, level: Math.floor(level / 3) };
    node.style.setProperty("--xw-from", edit.value === null ? aside.from : place(at));
    node.style.setProperty("--xw-level", String((edit.value === null ? aside.level : level) % 3));
    return node;
  });
}

function familyFigure({ median }, edits) {
  const flips = edits.filter(({ fate }) => fate === "flipped").length;
  return `${median === null ? "–" : `median ${figure(median)}`}${flips ? ` · ${flips} of ${edits.length} flip` : ""}`;
}

function axisRow(low, place) {
  const row = element("div", "xw-dot-row xw-dot-axis"), track = element("span", "xw-dot-track");
  row.setAttribute("aria-hidden", "true");
  for (const at of [low < -0.25 ? low : null, 0, 0.5, 1]) {
    if (at === null) continue;
    const tick = across("xw-dot-tick", place, at, at);
    tick.append(element("span", "", shown(at)));
    track.append(tick);
  }
  row.append(element("span", "xw-range-name", ""), track, element("span", "xw-range-number", ""));
  return row;
}

function editsKey() {
  return element("p", "xw-report-key", "A point is an edit, the long line the median of its family, the band two explanations of the text itself with other seeds. " +
    "0 is chance, 1 the same explanation. A cross at the right edge changes the prediction, a ring could not be compared.");
}

function fateOf({ number, fate, value }) {
  return `Edit ${number}: ${fate === "compared" ? `stability ${figure(value)}` : fate === "flipped" ? "changes the prediction" : "not compared"}`;
}

function readEdit(edit, { families }) {
  const beside = edit.noise === null ? "" : `, other seeds ${figure(edit.noise)}`;
  return `${fateOf(edit)}${beside}. ${families[edit.family].name}: ${edit.what}`;
}

function chosenEdit(picture, edit, ranked) {
  const { text, scores, full, own, families } = picture, compared = ranked.filter(({ value }) => value !== null);
  const rank = compared.indexOf(edit) + 1, place = rank ? ` · ${rank === 1 ? "worst" : `number ${rank} from the worst`} of ${compared.length}` : "";
  const head = element("p", "xw-edit-head");
  head.append(element("b", "", `${fateOf(edit)}${place}`), element("span", "", ` · ${families[edit.family].name}: ${edit.what}`));
  const mark = (node, i) => ownWord(node, i, own);
  const missing = edit.scores ? [] : [element("p", "xw-report-note", edit.fate === "flipped" ? "The prediction changed, so this edit is not explained." : "There is no explanation to compare.")];
  return [head, element("p", "xw-report-key", "The text and its explanation"), wordsLine(text, scores, full, mark),
    element("p", "xw-report-key", "After the edit: struck out is taken out, boxed is put in"), editedLine(text, edit, full, own), ...missing,
    element("p", "xw-report-key", `${stripKey(scores, full)} A frame marks the entity.`)];
}

/** [the folded list, the button of each edit], worst first. */
function editList(picture, ranked) {
  const folded = element("details", "xw-report-numbers"), list = element("ol", "xw-edit-list"), lines = [];
  for (const edit of ranked) {
    const item = element("li", ""), line = element("button", "xw-edit-line");
    line.setAttribute("type", "button");
    line.dataset.fate = edit.fate;
    const value = edit.fate === "flipped" ? "prediction changed" : edit.value === null ? "not compared" : figure(edit.value);
    line.append(element("span", "xw-edit-value", value), element("span", "xw-edit-family", `${edit.number} · ${picture.families[edit.family].name}`), changeOf(edit));
    item.append(line);
    list.append(item);
    lines.push(line);
  }
  folded.append(element("summary", "", `All ${ranked.length} edits, worst first`), list);
  return [folded, lines];
}

/** What an edit does, in short: its changes with a little around them, or words. */
function changeOf({ regions, what }) {
  const node = element("span", "xw-edit-change");
  if (!regions.length) node.textContent = what;
  for (const { runs } of regions) node.append(...runs.map(([kind, text]) => element(kind === "same" ? "span" : kind, "", text)), element("span", "", " "));
  return node;
}
