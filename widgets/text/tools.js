// The buttons above the text.

function drawTools(state) {
  const { model, page } = state;
  const tools = [...layerTools(model), ...grainTools(model), ...scaleTools(model), ...(model.get("live") ? liveTools(state) : [])];
  const focused = page.tools.contains(document.activeElement) ? document.activeElement.textContent : null;
  page.tools.replaceChildren(...tools);
  tools.find((tool) => tool.textContent === focused)?.focus();
}

function layerTools(model) {
  const layers = model.get("layers");
  if (layers.length < 2) return [];
  return layers.map((layer, i) => pressed(button("xw-tool", layer.name, "Show this layer", () => assign(model, { layer: i })), i === model.get("layer")));
}

/** One button per level of the text, where there is more than one and a heat to read. */
function grainTools(model) {
  const grains = model.get("text").grains ?? [];
  if (!grains.length || !model.get("layers").length) return [];
  const chosen = chosenGrain(model)?.name ?? "";
  return [["", "units", "Colours show the score of each unit"], ...grains.map(({ name }) => [name, name, `Colours show sums over ${name}`])]
    .map(([grain, name, title]) => pressed(button("xw-tool", `by ${name}`, title, () => assign(model, { grain })), grain === chosen));
}

function scaleTools(model) {
  if (!model.get("layers").some((layer) => Object.keys(layer.heats).length > 1)) return [];
  const isShared = model.get("scale") === "shared";
  const made = button("xw-tool", "One colour scale for all entities", "Else each entity fills the scale of its own",
    () => assign(model, { scale: isShared ? "own" : "shared" }));
  return [pressed(made, isShared)];
}

function liveTools(state) {
  const { model } = state;
  const isHiding = model.get("mode") === "hide", isRange = model.get("picked").length > 0;
  return [
    pressed(button("xw-tool", "Hide words by clicking", "Then a click hides a word or shows it again (key m)",
      () => assign(model, { mode: isHiding ? "target" : "hide" })), isHiding),
    ...(isRange ? [button("xw-tool", "Hide picked words", "Hide the picked words, or show them again (key m)", () => toggle(model, chosenUnits(state)))] : []),
    enabled(button("xw-tool", "Replace words", "Type other words for the picked range or the word under the cursor (key e, or double click)", () => openEditor(state)), countOf(state) > 0),
    enabled(button("xw-tool", "Show all words", "Restore every hidden word (Esc)", () => assign(model, { hidden: [] })), model.get("hidden").length > 0),
    enabled(button("xw-tool", "Undo", "Take the last change back (key u)", () => count(model, "undone")), model.get("can_undo")),
    enabled(button("xw-tool", "Redo", "Make the change again (key U)", () => count(model, "redone")), model.get("can_redo")),
  ];
}

function pressed(made, isPressed) {
  made.setAttribute("aria-pressed", String(isPressed));
  return made;
}

function enabled(made, isEnabled) {
  made.disabled = !isEnabled;
  return made;
}

/** Tell the kernel of one more press. */
function count(model, name) {
  assign(model, { [name]: (model.get(name) ?? 0) + 1 });
}
