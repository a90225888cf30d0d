// Pictures that are read with the keyboard: one tab stop each, arrows inside, and a line that says what is under them.

/** Arrows, Home and End move between nodes, Enter, a blank or a click choose; `columns` makes them a grid.
    Returns a way to make another node the tab stop. */
function roving(nodes, { columns = 1, start = 0, onRead = () => {}, onChoose = () => {} }) {
  let stop = start;
  const moveTo = (i) => {
    nodes[stop]?.setAttribute("tabindex", "-1");
    nodes[stop = i]?.setAttribute("tabindex", "0");
  };
  nodes.forEach((node, i) => {
    node.setAttribute("tabindex", i === start ? "0" : "-1");
    node.addEventListener("focusin", () => { moveTo(i); onRead(i); });
    node.addEventListener("pointerenter", () => onRead(i));
    node.addEventListener("click", () => { moveTo(i); onChoose(i); });
    node.addEventListener("keydown", (event) => onKey(event, i, nodes, columns, onChoose));
  });
  return moveTo;
}

function onKey(event, i, nodes, columns, onChoose) {
  const isChoice = event.key === "Enter" || event.key === " ";
  const to = steppedTo(event.key, i, nodes.length, columns);
  if (!isChoice && to === null) return;
  event.preventDefault();
  event.stopPropagation();
  if (isChoice) onChoose(i);
  else nodes[to].focus();
}

/** The place that a key leads to, or null for a key that leads nowhere. */
function steppedTo(key, i, count, columns) {
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -i, End: count - 1 - i };
  if (!(key in steps)) return null;
  const to = i + steps[key];
  return to >= 0 && to < count ? to : i;
}

/** What is under the cursor, spoken when it changes. */
function readingLine(hint) {
  const line = element("p", "xw-reading", hint);
  line.setAttribute("aria-live", "polite");
  return line;
}

function picturePart(caption, isWide) {
  const part = element("section", isWide ? "xw-picture xw-wide" : "xw-picture");
  part.append(element("p", "xw-report-caption", caption));
  return part;
}
