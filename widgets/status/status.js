// What is going on: one line, a progress bar, a way to cancel. Errors stay until the next message.

function render({ model, el }) {
  const page = { root: element("div", "xw-status"), line: element("span", "xw-line"), bar: element("progress", "xw-bar") };
  page.cancel = button("xw-tool", "Cancel", "Stop the running computation", () => assign(model, { cancelled: model.get("cancelled") + 1 }));
  page.line.setAttribute("aria-live", "polite");
  page.bar.setAttribute("aria-label", "Progress");
  page.root.append(page.line, page.bar, page.cancel);
  el.append(page.root);
  const draw = () => drawStatus(model, page);
  const stops = [followTheme(page.root), onTraits(model, [["message kind done total", draw]])];
  draw();
  return () => stops.forEach((stop) => stop());
}

function drawStatus(model, { root, line, bar, cancel }) {
  const isBusy = model.get("kind") === "busy";
  root.dataset.kind = model.get("kind");
  line.setAttribute("role", model.get("kind") === "error" ? "alert" : "status");
  if (line.textContent !== model.get("message")) line.textContent = model.get("message");
  bar.hidden = cancel.hidden = !isBusy;
  bar.max = Math.max(1, model.get("total"));
  if (model.get("total") > 0) bar.value = model.get("done");
  else bar.removeAttribute("value");
}

export default { render };
