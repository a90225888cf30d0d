// Excerpts of texts: a blue line under what was predicted, a dashed green one under what is gold.

function excerptsNode({ caption, excerpts }) {
  const part = element("section", "xw-report-part"), list = element("ul", "xw-excerpts");
  list.append(...excerpts.map((one) => {
    const item = element("li", "");
    item.append(...excerptParts(one));
    return item;
  }));
  part.append(element("p", "xw-report-caption", caption), keyNode(), list);
  return part;
}

function keyNode() {
  const key = element("p", "xw-report-key");
  key.append(element("span", "xw-gold-key", "gold"), element("span", "", " · "), element("span", "xw-predicted-key", "predicted"));
  return key;
}

/** The text with its marks, and a line about it. */
function excerptParts({ name, lang, runs, note }) {
  const text = element("span", "xw-excerpt");
  text.setAttribute("lang", lang ?? "");
  text.setAttribute("dir", "auto");
  text.append(...runs.map(runNode));
  return [text, element("span", "xw-excerpt-about", [name, note].filter(Boolean).join(" · "))];
}

function runNode({ text, gold, predicted, own }) {
  const node = element("span", "", text);
  const kinds = [gold ? "gold" : "", predicted ? "predicted" : ""].filter(Boolean);
  if (!kinds.length && !own) return node;
  Object.assign(node.dataset, { gold: String(gold), predicted: String(predicted), own: String(own) });
  if (kinds.length) node.setAttribute("title", kinds.join(" and "));
  return node;
}
