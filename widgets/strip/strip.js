// Names in a row, of which one is open: tabs, by mouse and by arrow keys.

function render({ model, el }) {
  const root = element("div", "xw-strip");
  root.setAttribute("role", "tablist");
  el.append(root);
  const draw = () => drawTabs(model, root);
  const stops = [followTheme(root), claimKeys(root), onTraits(model, [["names label index", draw]])];
  root.addEventListener("click", (event) => open(model, tabIndex(event)));
  root.addEventListener("keydown", (event) => onKey(model, event));
  draw();
  return () => stops.forEach((stop) => stop());
}

function drawTabs(model, root) {
  const hadFocus = root.contains(document.activeElement), at = model.get("index");
  const tabs = model.get("names").map((name, i) => tabNode(name, i, i === at));
  root.setAttribute("aria-label", model.get("label"));
  root.replaceChildren(...tabs);
  if (hadFocus) tabs[at]?.focus();
}

function tabNode(name, i, isOpen) {
  const tab = element("div", "xw-tab", name);
  tab.dataset.tab = String(i);
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-selected", String(isOpen));
  tab.setAttribute("tabindex", isOpen ? "0" : "-1");
  return tab;
}

function tabIndex(event) {
  const tab = event.target.closest(".xw-tab");
  return tab ? Number(tab.dataset.tab) : -1;
}

function open(model, index) {
  if (index >= 0 && index < model.get("names").length) assign(model, { index });
}

function onKey(model, event) {
  const now = model.get("index"), count = model.get("names").length;
  const next = { ArrowRight: (now + 1) % count, ArrowLeft: (now + count - 1) % count, Home: 0, End: count - 1 }[event.key];
  if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation(); // else the notebook's command mode takes the key
  open(model, next);
}

export default { render };
