// Errors that are like one: each in its text, with the reasons; choosing one goes there.

function render({ model, el }) {
  const page = { root: element("section", "xw-similar xw-report"), about: element("p", "xw-similar-about"),
    acts: element("div", "xw-correct-tools"), list: element("ol", "xw-similar-list") };
  page.root.setAttribute("aria-label", "Similar errors");
  page.about.setAttribute("aria-live", "polite");
  page.root.append(page.about, page.acts, page.list);
  el.append(page.root);
  const draw = () => drawSimilar(model, page);
  const stops = [followTheme(page.root), claimKeys(page.root), onTraits(model, [["about places acts stamp", draw]])];
  draw();
  return () => stops.forEach((stop) => stop());
}

function drawSimilar(model, page) {
  const tell = (more) => model.send({ act: "go", place: -1, stamp: model.get("stamp"), ...more });
  page.about.textContent = model.get("about");
  page.acts.replaceChildren(...model.get("acts").map(({ act, words }) =>
    button("xw-tool", words, "One undo takes them all back", () => tell({ act }))));
  page.list.replaceChildren(...model.get("places").map((place, i) => similarNode(place, () => tell({ place: i }))));
}

function similarNode({ excerpt, why, looked }, go) {
  const item = element("li", "xw-similar-place"), link = button("xw-correct-go", "", "Go to this entity", go);
  const text = element("span", "xw-excerpt");
  text.setAttribute("lang", excerpt.lang ?? "");
  text.setAttribute("dir", "auto");
  text.append(...excerpt.runs.map(runNode));
  link.append(text);
  item.append(link, element("span", "xw-excerpt-about", [excerpt.name, excerpt.note, why].filter(Boolean).join(" · ")));
  if (looked) item.append(element("span", "xw-similar-looked", looked));
  return item;
}

export default { render };
