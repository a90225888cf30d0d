// What a reader can do to the chosen entity: buttons, and keys that work wherever the workbench has the focus.

const ACTS = [ // act, key, words, help
  ["accept", "a", "Accept", "This span is right"],
  ["delete", "d", "Delete", "This span is no entity"],
  ["grow_left", "[", "Start earlier", "Begin one word earlier"],
  ["shrink_left", "{", "Start later", "Begin one word later"],
  ["shrink_right", "}", "End earlier", "End one word earlier"],
  ["grow_right", "]", "End later", "End one word later"],
  ["ends", "t", "Take picked words", "The words picked in the text become the whole span"],
  ["join", "+", "Join picked words", "The words picked in the text join the span; a gap stays a gap"],
];
const UNDO_KEY = "z", OTHER_KEYS = { Delete: "delete" };

/** Tell the kernel what was done, to what the reader saw; every act is a message of its own, so that none is lost. */
function act(state, name, more = {}) {
  const { model, page } = state;
  model.send({ act: name, turn: model.get("turn"), note: page.note.value, label: -1, row: -1, ...more });
  if (name !== "go" && name !== "undo") page.note.value = "";
}

/** Digits: the label of the picked words, if there are any, else another label for the entity. */
function labelAct(model) {
  return model.get("picked") ? "add" : "label";
}

function isAble(model, name) {
  return model.get("able").includes(name);
}

function actOfKey(state, key) {
  const { model } = state;
  const name = OTHER_KEYS[key] ?? ACTS.find((one) => one[1] === key)?.[0];
  if (name && isAble(model, name)) return () => act(state, name);
  if (key === UNDO_KEY && model.get("undoes")) return () => act(state, "undo");
  const label = /^[1-9]$/.test(key) ? Number(key) - 1 : -1;
  if (label >= 0 && label < model.get("labels").length && isAble(model, labelAct(model)))
    return () => act(state, labelAct(model), { label });
  return null;
}

function onCorrectKey(state, event) {
  const isTyped = event.getModifierState?.("AltGraph"); // brackets on many keyboards
  if (event.defaultPrevented || (!isTyped && (event.ctrlKey || event.altKey || event.metaKey))) return;
  if (!isOurs(state, event.target)) return;
  const action = actOfKey(state, event.key);
  if (!action) return;
  event.preventDefault();
  event.stopPropagation(); // else the notebook's command mode takes the key
  action();
}

/** Keys count in this widget and in the text and the list of the same workbench, while this view is open. */
function isOurs({ page }, target) {
  if (target.closest("input") || target.closest("select") || target.closest("textarea")) return false;
  if (page.root.contains(target)) return true;
  if (!target.closest(".xw-words") && !target.closest(".xw-rows")) return false;
  if (page.root.getClientRects?.().length === 0) return false;
  let bench = page.root;
  while (bench && !bench.querySelector(".xw-words")) bench = bench.parentElement ?? bench.parent;
  return Boolean(bench?.contains(target));
}

/** The key on a button, for the eye; readers hear it as a shortcut. */
function showKey(made, key) {
  const shown = element("kbd", "xw-kbd", key);
  shown.setAttribute("aria-hidden", "true");
  made.append(shown);
  made.setAttribute("aria-keyshortcuts", key);
}

function actButtons(state) {
  const { model } = state;
  return ACTS.map(([name, key, words, help]) => {
    const made = button("xw-tool", words, `${help} (key ${key})`, () => act(state, name));
    showKey(made, key);
    made.disabled = !isAble(model, name);
    return made;
  });
}

function labelButtons(state) {
  const { model } = state, name = labelAct(model), now = model.get("chosen").label;
  return model.get("labels").map((label, i) => {
    const help = name === "add" ? "Mark the picked words as" : "It is of this type:";
    const made = button("xw-tool xw-correct-label", shownLabel(label), `${help} ${shownLabel(label)}${i < 9 ? ` (key ${i + 1})` : ""}`,
      () => act(state, name, { label: i }));
    paintLabel(made, label);
    if (i < 9) showKey(made, String(i + 1));
    made.setAttribute("aria-pressed", String(name === "label" && label.label === now));
    made.disabled = !isAble(model, name) || (name === "label" && label.label === now);
    return made;
  });
}
