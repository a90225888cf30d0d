// Shared by the widgets of this package; joined in front of each widget's own module (front_end.py).

/** An element with a class and a text; document text only ever enters the page here, as text. */
function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

function button(className, text, title, onClick) {
  const made = element("button", className, text);
  made.setAttribute("type", "button");
  made.setAttribute("title", title);
  made.addEventListener("click", onClick);
  return made;
}

/** The page's theme: Jupyter says it on the body, anywhere else the system decides. */
function isDark() {
  const light = document.body.dataset.jpThemeLight;
  return light === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : light === "false";
}

/** Keep `data-dark` on an element in step with the theme; returns the way to stop. */
function followTheme(el, onChange = () => {}) {
  const apply = () => { el.dataset.dark = String(isDark()); onChange(); };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(apply);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  system.addEventListener("change", apply);
  apply();
  return () => { observer.disconnect(); system.removeEventListener("change", apply); };
}

/** Keeps a notebook's shortcuts off plain keys pressed inside `root`, also where it looks at them before `root` can
    (Notebook 7 would turn the cell into Markdown at "m"). The mark stands on the focused element itself, since its
    rules match that one first; keys with Ctrl, Alt or Meta stay the notebook's. Returns the way to stop. */
function claimKeys(root) {
  const claim = ({ target, ctrlKey, altKey, metaKey }) => {
    if (!root.contains(target)) return;
    if (ctrlKey || altKey || metaKey) target.removeAttribute("data-lm-suppress-shortcuts");
    else target.setAttribute("data-lm-suppress-shortcuts", "true");
  };
  window.addEventListener("keydown", claim, true);
  return () => window.removeEventListener("keydown", claim, true);
}

/** Listen to several traits at once; returns the way to stop. */
function onTraits(model, handlers) {
  for (const [names, handler] of handlers) for (const name of names.split(" ")) model.on(`change:${name}`, handler);
  return () => {
    for (const [names, handler] of handlers) for (const name of names.split(" ")) model.off(`change:${name}`, handler);
  };
}

function assign(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}

/** A number with two decimals and a true minus sign, or a question mark where there is none. */
function figure(value, sign = false) {
  if (value === null || value === undefined) return "?";
  const text = Math.abs(value).toFixed(Math.abs(value) >= 100 ? 0 : 2);
  if (Number(text) === 0) return text;
  return (value < 0 ? "−" : sign ? "+" : "") + text;
}

/** The heat of the chosen entity on the chosen layer, or null. */
function currentHeat(model) {
  const layer = model.get("layers")[model.get("layer")];
  return layer?.heats[String(model.get("selected"))] ?? null;
}

/** How the label of an entity is written: the name that a palette gives it, or the label itself. */
function shownLabel(entity) {
  return entity.paint?.name ?? entity.label;
}

/** The colours that a palette gives a label, for light and dark pages; the style sheet takes the one that fits. */
function paintLabel(node, { paint }) {
  if (!paint?.light) return;
  node.dataset.painted = "true";
  for (const page of ["light", "dark"]) {
    node.style.setProperty(`--xw-${page}`, paint[page][0]);
    node.style.setProperty(`--xw-${page}-text`, paint[page][1]);
  }
}
