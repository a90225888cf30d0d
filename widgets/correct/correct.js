// Correct the chosen entity, or mark the picked words: what is chosen, what can be done, what was done.

const CORRECT_HELP = "Pick words by dragging in the text, or with Shift and the arrows; then a digit marks them. Without picked words a digit changes the type.";

function render({ model, el }) {
  const page = correctLayout(el), state = { model, page };
  const onKey = (event) => onCorrectKey(state, event);
  window.addEventListener("keydown", onKey);
  const stops = [followTheme(page.root), claimKeys(page.root), () => window.removeEventListener("keydown", onKey),
    onTraits(model, [
      ["chosen picked lang labels able all undoes turn", () => drawChosen(state)],
      ["rows lang", () => drawCorrections(state)],
      ["kept message is_error", () => drawMessage(state)],
    ])];
  drawChosen(state);
  drawCorrections(state);
  drawMessage(state);
  return () => stops.forEach((stop) => stop());
}

function correctLayout(el) {
  const page = { root: element("section", "xw-correct"), chosen: element("p", "xw-correct-chosen"),
    picked: element("p", "xw-correct-picked"), acts: element("div", "xw-correct-tools"), labels: element("div", "xw-correct-tools"),
    more: element("div", "xw-correct-tools"), note: element("input", "xw-field xw-correct-input"),
    message: element("p", "xw-correct-message"), kept: element("p", "xw-correct-kept"),
    count: element("h3", "xw-correct-count"), list: element("ul", "xw-correct-list") };
  page.root.setAttribute("aria-label", "Correct entities");
  page.chosen.setAttribute("aria-live", "polite");
  for (const [tools, name] of [[page.acts, "What is right"], [page.labels, "Type"], [page.more, "Undo, and all at once"]]) {
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", name);
  }
  page.note.setAttribute("type", "text");
  page.note.setAttribute("aria-label", "A note, kept with the next correction");
  page.note.setAttribute("placeholder", "A note, kept with the next correction");
  page.note.addEventListener("keydown", (event) => event.stopPropagation());
  page.root.append(page.chosen, page.picked, page.acts, page.labels, page.note, page.more, page.message, page.kept,
    page.count, page.list, element("p", "xw-correct-help", CORRECT_HELP));
  el.append(page.root);
  return page;
}

function drawChosen(state) {
  const { model, page } = state, chosen = model.get("chosen"), lang = model.get("lang");
  const isNone = chosen.label === undefined;
  page.chosen.replaceChildren(...(isNone ? [element("span", "", "Choose an entity in the text or in the list.")]
    : [wordsNode(chosen, lang), element("span", "xw-correct-about", chosen.about)]));
  page.picked.hidden = !model.get("picked");
  const words = element("span", "xw-correct-text", model.get("picked"));
  words.setAttribute("lang", lang);
  page.picked.replaceChildren(element("span", "", "Picked: "), words);
  keepFocus(page.acts, actButtons(state));
  keepFocus(page.labels, labelButtons(state));
  keepFocus(page.more, moreButtons(state));
}

function moreButtons(state) {
  const { model } = state, all = model.get("all"), undoes = model.get("undoes");
  const undo = button("xw-tool", undoes > 1 ? `Undo all ${undoes}` : "Undo", `Take the last correction back (key ${UNDO_KEY})`, () => act(state, "undo"));
  showKey(undo, UNDO_KEY);
  undo.disabled = !undoes;
  const accept = button("xw-tool", `Accept all ${all} predicted that nobody looked at`, "One undo takes them all back", () => act(state, "all"));
  return all > 1 ? [undo, accept] : [undo];
}

/** Put new buttons in the place of others; the one in focus stays so, or hands it to the first that can take it. */
function keepFocus(tools, made) {
  const at = tools.children.length ? [...tools.children].indexOf(document.activeElement) : -1;
  tools.replaceChildren(...made);
  if (at >= 0) (made[at] && !made[at].disabled ? made[at] : made.find((one) => !one.disabled))?.focus();
}

function drawMessage({ model, page }) {
  page.message.setAttribute("role", model.get("is_error") ? "alert" : "status");
  page.message.dataset.error = String(model.get("is_error"));
  page.message.textContent = model.get("message");
  page.kept.textContent = model.get("kept");
}

export default { render };
