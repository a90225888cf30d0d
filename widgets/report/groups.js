// Groups of pictures that a report leads with: the first one open, the others folded.

const PICTURES = { ranges: rangesNode, edits: editsNode, spread: spreadNode, curve: pictureCurve, landscape: landscapeNode,
  flips: flipsNode, contrasts: contrastsNode };

function groupNode({ title, lead, pictures }, k) {
  const group = element("details", "xw-group"), summary = element("summary", "", title), grid = element("div", "xw-pictures");
  group.open = k === 0;
  const draw = () => { if (group.open && !grid.children.length) grid.append(...pictures.map((one) => PICTURES[one.kind](one))); };
  group.addEventListener("toggle", draw); // what is folded costs nothing until it is opened
  draw();
  group.append(summary, ...lead.map((line) => element("p", "xw-report-lead", line)), grid);
  return group;
}

function pictureCurve(view) {
  const part = curveNode(view);
  part.className = "xw-picture";
  return part;
}
