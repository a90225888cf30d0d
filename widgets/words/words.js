// Words of a corpus; a word leads to its places, a place to its text. See views/words.py and views/occurrences.py.

function render({ model, el }) {
  const root = element("section", "xw-lexicon xw-report");
  root.setAttribute("aria-label", "Words of the corpus");
  const page = { model, root, search: searchNode(model), notes: element("div", ""), lists: element("div", "xw-word-lists"), places: element("div", "xw-places") };
  page.places.setAttribute("aria-live", "polite");
  root.append(page.search, page.notes, page.lists, page.places);
  el.append(root);
  page.lists.addEventListener("click", (event) => chooseWord(page, event.target.closest(".xw-word-button")));
  page.places.addEventListener("click", (event) => choosePlace(page, event.target.closest(".xw-place")));
  page.lists.addEventListener("keydown", (event) => move(page.lists, event));
  const stops = [followTheme(root), claimKeys(root), onTraits(model, [
    ["view clicked", () => drawLists(page)], ["places", () => drawPlaces(page)]])];
  drawLists(page);
  drawPlaces(page);
  return () => stops.forEach((stop) => stop());
}

function searchNode(model) {
  const label = element("label", "xw-searched"), input = element("input", "xw-field xw-search");
  input.setAttribute("type", "search");
  input.setAttribute("placeholder", "any word");
  input.value = model.get("search");
  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => assign(model, { search: input.value }), 150);
  });
  label.append(element("span", "", "find"), input);
  return label;
}

function drawLists(page) {
  const { model, search, notes, lists, places } = page;
  const { lists: all = [], notes: lines = [], stamp = 0 } = model.get("view"), clicked = model.get("clicked");
  const chosen = clicked.stamp === stamp ? clicked : {}, held = lists.contains(document.activeElement) ? document.activeElement : null;
  search.hidden = !all.length;
  notes.replaceChildren(...lines.map((line) => element("p", "xw-report-note", line)));
  lists.replaceChildren(...all.map((list, k) => listNode(list, k, chosen)));
  const buttons = lists.querySelectorAll(".xw-word-button");
  const isHeld = (one) => held?.className === one.className && held.dataset.list === one.dataset.list && held.textContent === one.textContent;
  const current = [...buttons].find(isHeld) ?? [...buttons].find((one) => one.getAttribute("aria-pressed") === "true") ?? buttons[0];
  rove(buttons, current);
  placeBelow(page);
  if (held) (places.contains(held) ? held : current)?.focus();
}

/** Places stand under the list of their word. */
function placeBelow({ model, root, lists, places }) {
  (lists.querySelectorAll(".xw-word-frame")[model.get("clicked").list] ?? root).append(places);
}

function drawPlaces({ model, places }) {
  const view = model.get("places");
  if (!view.excerpts) return places.replaceChildren();
  const list = element("ul", "xw-excerpts");
  list.append(...view.excerpts.map(placeNode));
  places.replaceChildren(element("p", "xw-report-caption", view.caption), keyNode(), list);
}

function placeNode(one, i) {
  const item = element("li", ""), press = button("xw-place", "", "Open this text", () => {});
  press.dataset.place = String(i);
  press.setAttribute("tabindex", i === 0 ? "0" : "-1");
  press.append(...excerptParts(one));
  item.append(press);
  return item;
}

function chooseWord({ model }, press) {
  if (press) assign(model, { clicked: { list: Number(press.dataset.list), word: Number(press.dataset.word), stamp: model.get("view").stamp } });
}

function choosePlace({ model }, press) {
  if (press) assign(model, { chosen: { place: Number(press.dataset.place), stamp: (model.get("chosen").stamp ?? 0) + 1 } });
}

/** Words are one stop for the Tab key, and so are places: arrows lead on, sideways to the same row of the next list. */
function move(part, event) {
  const kind = event.target.className, buttons = [...part.querySelectorAll(`.${kind}`)], now = buttons.indexOf(event.target);
  if (now < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
  const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: buttons.length - 1, ArrowRight: aside(buttons, now, 1), ArrowLeft: aside(buttons, now, -1) }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation(); // else the notebook's command mode takes the key
  const next = buttons[Math.max(0, Math.min(buttons.length - 1, to))];
  rove(buttons, next);
  next.focus();
}

function aside(buttons, now, step) {
  const { list, word } = buttons[now].dataset;
  if (list === undefined) return now; // among places
  const column = buttons.filter((one) => Number(one.dataset.list) === Number(list) + step);
  return column.length ? buttons.indexOf(column[Math.min(column.length - 1, Number(word))]) : now;
}

function rove(buttons, current) {
  for (const one of buttons) one.setAttribute("tabindex", one === current ? "0" : "-1");
}

export default { render };
