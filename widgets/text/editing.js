// Other words in place: an input over the unit or the picked range. The kernel answers with a new text.

const EDGE = 7, ROOM = 20; // pixels of the input's padding and border on one side, and that it is wider than its words

function openEditor(state) {
  const { model } = state;
  if (!model.get("live") || state.editor || countOf(state) === 0) return;
  const [first, last] = pickedRange(state);
  const old = textBetween(model, first, last);
  const editor = element("textarea", "xw-editor");
  editor.value = old;
  editor.setAttribute("rows", "1");
  editor.setAttribute("spellcheck", "false");
  editor.setAttribute("lang", model.get("text").lang ?? "");
  editor.setAttribute("dir", "auto");
  editor.setAttribute("aria-label", `Other words for “${shortened(old)}”. Enter applies, Escape leaves them as they are, empty takes them out.`);
  editor.setAttribute("data-lm-suppress-shortcuts", "true"); // keys are the input's, not the notebook's
  const close = (isApplied) => closeEditor(state, { first, last, old }, isApplied);
  editor.addEventListener("keydown", (event) => onEditorKey(event, close));
  editor.addEventListener("input", () => fitEditor(state, first, last));
  editor.addEventListener("blur", () => close(true));
  state.editor = editor;
  state.page.root.append(editor);
  fitEditor(state, first, last);
  editor.focus();
  editor.select?.();
}

/** Enter applies and Escape leaves, but not while an input method is still composing a character. */
function onEditorKey(event, close) {
  event.stopPropagation();
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Escape") close(false);
  else if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); close(true); }
}

function closeEditor(state, { first, last, old }, isApplied) {
  const { editor, model } = state;
  if (!editor) return;
  const hadFocus = document.activeElement === editor;
  state.editor = null; // first: taking the input away makes it lose the focus once more
  editor.remove();
  if (hadFocus) moveTo(state, first, false, true);
  if (isApplied && editor.value !== old) assign(model, { picked: [], edit: { turn: (model.get("edit").turn ?? 0) + 1, first, last, text: editor.value } });
}

/** Over the words that it replaces, and as wide as what is typed, up to the width of the text; then it has more lines. */
function fitEditor(state, first, last) {
  const { editor, page } = state;
  const frame = page.root.getBoundingClientRect();
  const from = unitAt(state, first).getBoundingClientRect(), to = unitAt(state, last).getBoundingClientRect();
  const isOneLine = Math.abs(from.top - to.top) < 2;
  const left = isOneLine ? Math.max(0, from.left - frame.left - EDGE) : 0, most = frame.width - left;
  Object.assign(editor.style, { left: `${left}px`, top: `${from.top - frame.top - 3}px`, whiteSpace: "pre", width: "0px", height: "auto" });
  const wide = Math.max(editor.scrollWidth, isOneLine ? to.right - from.left : frame.width) + ROOM;
  Object.assign(editor.style, { width: `${Math.min(wide, most)}px`, whiteSpace: wide > most ? "pre-wrap" : "pre" });
  editor.style.height = `${editor.scrollHeight + 4}px`;
}
