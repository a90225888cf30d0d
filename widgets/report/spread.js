// Words with columns under them: how far a score moves. And words with marks where a span stands, or would stand.

function spreadNode({ caption, text, scores, spread, noise, own, full }) {
  const part = picturePart(caption, true), tallest = largestOf([...spread, ...noise]);
  const line = wordsLine(text, scores, full, (node, i) => {
    const k = i - text.first, both = element("span", "xw-spread-word");
    ownWord(node, i, own).setAttribute("title", `${text.units[k][1]}: ${shown(scores[k])} · moves ${shown(spread[k])} over edits, ${shown(noise[k])} over seeds`);
    both.append(node);
    if (spread[k] !== null || noise[k] !== null) both.append(columnsUnder([spread[k], noise[k]], tallest));
    return both;
  });
  const rows = scores.map((score, k) => [text.units[k][1], text.first + k, score, spread[k], noise[k]]).filter((row) => row[3] !== null);
  rows.sort((a, b) => b[3] - a[3] || a[1] - b[1]);
  part.append(line, element("p", "xw-report-key", `${stripKey(scores, full)} Columns: standard deviation of the score over edits (left) and over seeds alone (right); the tallest is ${shown(tallest)}.`),
    numbersBehind("The words that move most", ["unit", "number", "score", "over edits", "over seeds"], rows.slice(0, STRONGEST)));
  return part;
}

function columnsUnder(values, tallest) {
  const under = element("span", "xw-columns");
  under.setAttribute("aria-hidden", "true");
  values.forEach((value) => {
    const column = element("i", "");
    column.style.setProperty("--xw-height", value === null || !tallest ? "0" : Math.min(1, value / tallest).toFixed(3));
    under.append(column);
  });
  return under;
}

function contrastsNode({ caption, text, own, full, rows }) {
  const part = picturePart(caption, true);
  for (const { name, note, scores, versus } of rows) {
    const line = wordsLine(text, scores, full, (node, i) => {
      ownWord(node, i, own);
      if (i === versus[0] && versus[0] !== own[0]) node.dataset.would = "start";
      if (i === versus[1] - 1 && versus[1] !== own[1]) node.dataset.would = "end";
      return node;
    });
    const head = element("p", "xw-edit-head", "");
    head.append(element("b", "", name), element("span", "", ` · ${note}`));
    part.append(head, line);
  }
  part.append(element("p", "xw-report-key", `Orange speaks for the end where it is, purple for the other one; full colour at ${shown(full)}. A frame marks the entity, a dashed line the other end.`));
  return part;
}
