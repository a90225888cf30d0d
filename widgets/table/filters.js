// The bar of filters: words to search for, lists to tick, and ranges of figures.

const NARROWED = ["class", "flag"];

/** Build the bar once; `onChange` is called when `filters` changed. `sync(counts)` refreshes it. */
function filterBar(data, columns, filters, onChange) {
  const bar = element("div", "xw-filters"), keep = [];
  bar.setAttribute("role", "search");
  const words = ["text", "document"].map((name) => searchNode(name, filters, onChange));
  const lists = FACETS.filter((name) => columns.includes(name)).map((name) => listNode(data, name, filters, onChange));
  const ranges = columns.filter(isFigure).map((column) => rangeNode(figureName(column), filters, onChange));
  const clear = button("xw-tool xw-clear", "Clear filters", "Show every entity", () => {
    Object.assign(filters, noFilters());
    keep.forEach((part) => part.reset());
    onChange();
  });
  keep.push(...words, ...lists, ...ranges);
  bar.append(...keep.map((part) => part.node), clear);
  closeOthers(bar, [...lists, ...ranges].map((part) => part.node));
  return { node: bar, sync: (counts) => { keep.forEach((part) => part.sync(counts)); clear.disabled = !isOn(filters); } };
}

function isOn(filters) {
  const { text, document: name, ticked, ranges } = filters;
  return Boolean(text || name || Object.values(ticked).some((set) => set.size) || Object.values(ranges).some(isBound));
}

function isBound([low, high]) { return low !== null || high !== null; }

/** Filters that look at what became of an entity: what they leave is not a part of the corpus. */
function outcomeFilters(data, filters) {
  const lists = NARROWED.filter((name) => filters.ticked[name].size);
  const ranges = Object.entries(filters.ranges).filter(([name, range]) => isBound(range) && data.figures[name].some(Number.isNaN));
  return [...lists, ...ranges.map(([name]) => name)];
}

function labelled(className, text, input) {
  const label = element("label", className);
  label.append(element("span", "", text), input);
  return label;
}

function searchNode(name, filters, onChange) {
  const input = element("input", "xw-field xw-search");
  input.setAttribute("type", "search");
  input.setAttribute("placeholder", `search ${name}`);
  input.value = filters[name];
  input.addEventListener("input", () => { filters[name] = input.value; onChange(); });
  return { node: labelled("xw-searched", name, input), reset: () => { input.value = ""; }, sync() {} };
}

function foldNode(name, body) {
  const fold = element("details", "xw-fold"), head = element("summary", "xw-tool", name);
  body.setAttribute("role", "group");
  body.setAttribute("aria-label", name);
  fold.append(head, body);
  fold.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !fold.open) return;
    event.stopPropagation();
    fold.open = false;
    head.focus();
  });
  return { fold, say: (state) => { head.textContent = state ? `${name}: ${state}` : name; head.dataset.on = String(Boolean(state)); } };
}

/** A checklist with how many entities each entry would leave; nothing ticked means all. */
function listNode(data, name, filters, onChange) {
  const body = element("div", "xw-fold-body"), { fold, say } = foldNode(heading(data, name), body);
  const entries = data.words[name].map((word, code) => {
    const box = element("input", ""), count = element("span", "xw-count");
    box.setAttribute("type", "checkbox");
    box.addEventListener("change", () => { filters.ticked[name][box.checked ? "add" : "delete"](code); onChange(); });
    const label = element("label", "xw-ticked");
    label.append(box, element("span", "xw-tick-name", word && wordOf(data, name, code) || "(none)"), count);
    return { box, count, label };
  });
  body.append(...entries.map((entry) => entry.label));
  const sync = (counts) => {
    entries.forEach(({ box, count }, code) => { count.textContent = String(counts[name][code]); box.checked = filters.ticked[name].has(code); });
    say(filters.ticked[name].size ? `${filters.ticked[name].size} of ${entries.length}` : "");
  };
  return { node: fold, reset() {}, sync };
}

function rangeNode(name, filters, onChange) {
  const body = element("div", "xw-fold-body"), { fold, say } = foldNode(name, body);
  const inputs = ["at least", "at most"].map((word, k) => {
    const input = element("input", "xw-field xw-bound");
    input.setAttribute("type", "number");
    input.setAttribute("step", "any");
    input.value = filters.ranges[name]?.[k] ?? "";
    input.addEventListener("input", () => { filters.ranges[name] = inputs.map(bound); onChange(); });
    body.append(labelled("xw-ticked", word, input));
    return input;
  });
  const sync = () => {
    const [low, high] = filters.ranges[name] ?? [null, null];
    say([low === null ? "" : `≥ ${low}`, high === null ? "" : `≤ ${high}`].filter(Boolean).join(" "));
  };
  return { node: fold, reset: () => inputs.forEach((input) => { input.value = ""; }), sync };
}

function bound(input) { return input.value === "" || input.value === undefined || Number.isNaN(Number(input.value)) ? null : Number(input.value); }

/** A fold near the right end opens to the left as far as it must. */
function keepInside(body, bar) {
  body.style.setProperty("margin-inline-start", "0px");
  const beyond = body.getBoundingClientRect().right - bar.getBoundingClientRect().right;
  if (beyond > 0) body.style.setProperty("margin-inline-start", `${-Math.ceil(beyond)}px`);
}

/** One fold is open at a time: they lie above the rows. */
function closeOthers(bar, folds) {
  for (const fold of folds) {
    fold.addEventListener("toggle", () => {
      if (!fold.open) return;
      for (const other of folds) if (other !== fold) other.open = false;
      keepInside(fold.children[1], bar);
    });
  }
  bar.addEventListener("focusout", (event) => {
    for (const fold of folds) if (event.relatedTarget && !fold.contains(event.relatedTarget)) fold.open = false;
  });
}
