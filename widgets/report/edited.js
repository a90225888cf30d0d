// A text before and after an edit, with the scores of both: taken out, put in and hidden are elements that say so.

/** The words that a picture shows, coloured by their scores; `mark` may change each word's node, or give another. */
function wordsLine({ lang, units, after, first, is_cut }, scores, full, mark = () => null) {
  const line = textLine(lang);
  if (is_cut) line.append(element("span", "", "… "));
  for (const [i, [gap, word]] of units.entries()) {
    const node = wordNode(word, scores?.[i] ?? null, scores ? full : 0);
    if (!scores) node.dataset.sign = "none";
    line.append(element("span", "", gap), mark(node, first + i) ?? node);
  }
  line.append(element("span", "", is_cut ? " …" : after));
  return line;
}

function textLine(lang) {
  const line = element("p", "xw-heat-text");
  line.setAttribute("lang", lang ?? "");
  line.setAttribute("dir", "auto");
  return line;
}

/** The same text with an edit in it: its regions take the place of units, hidden units are crossed out. */
function editedLine(text, edit, full, own) {
  const line = textLine(text.lang), at = new Map(edit.regions.map((region) => [region.at, region]));
  const score = (i) => edit.scores?.[i - text.first] ?? null, hidden = new Set(edit.hidden);
  const end = text.first + text.units.length;
  if (text.is_cut) line.append(element("span", "", "… "));
  for (let i = text.first, until; i <= end; i = until) {
    const region = at.get(i);
    until = region?.until ?? i + 1;
    if (region) line.append(...region.runs.map((run) => runOf(run, score, full, own)));
    else if (i === end) line.append(element("span", "", text.is_cut ? " …" : text.after));
    else line.append(element("span", "", text.units[i - text.first][0]), unitNode(text.units[i - text.first][1], i, edit, hidden, score, full, own));
  }
  return line;
}

function unitNode(word, i, { scores }, hidden, score, full, own) {
  return hidden.has(i) ? hiddenWord(word) : ownWord(scoredWord(word, scores, score(i), full), i, own);
}

function scoredWord(word, scores, score, full) {
  const node = wordNode(word, score, full);
  if (!scores) node.dataset.sign = "none";
  return node;
}

function ownWord(node, i, own) {
  if (i >= own[0] && i < own[1]) node.dataset.own = "true";
  return node;
}

function runOf([kind, text, unit], score, full, own) {
  if (kind === "del" || kind === "ins") return element(kind, "", text);
  return unit < 0 ? element("span", "", text) : ownWord(wordNode(text, score(unit), full), unit, own);
}

function hiddenWord(word) {
  const node = element("del", "xw-hidden-word", word);
  node.setAttribute("title", `${word}: hidden`);
  return node;
}
