// Excerpts of texts: a blue line under what was predicted, a dashed green one under what is gold.

function excerptsNode({ caption, excerpts }) {
  const part = element("section", "xw-report-part");
  const key = element("p", "xw-report-key");
  key.append(element("span", "xw-gold-key", "gold"), element("span", "", " · "), element("span", "xw-predicted-key", "predicted"));
  const list = element("ul", "xw-excerpts");
  list.append(...excerpts.map(excerptNode));
  part.append(element("p", "xw-report-caption", caption), key, list);
  return part;
}

function excerptNode({ name, lang, runs, note }) {
  const item = element("li", ""), text = element("span", "xw-excerpt");
  text.setAttribute("lang", lang ?? "");
  text.setAttribute("dir", "auto");
  text.append(...runs.map(runNode));
  item.append(text, element("span", "xw-excerpt-about", [name, note].filter(Boolean).join(" · ")));
  return item;
}

function runNode({ text, gold, predicted, own }) {
  const node = element("span", "", text);
  const kinds = [gold ? "gold" : "", predicted ? "predicted" : ""].filter(Boolean);
  if (!kinds.length) return node;
  Object.assign(node.dataset, { gold: String(gold), predicted: String(predicted), own: String(own) });
  node.setAttribute("title", kinds.join(" and "));
  return node;
}
