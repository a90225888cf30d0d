// Texts in blocks: what is near the window is drawn at once, the rest when the page has time.

const SHORT = 120; // units after which a block ends at the next line break
const LONG = 300; // units after which it ends at the next end of a sentence
const ENDS_SENTENCE = /[.!?。！？；]$/;
const FIRST_BLOCKS = 2; // drawn before it is known what is near

/** The first unit of each block: blocks begin on a new line, and within a line only where it is very long. */
function blockStarts(units) {
  const starts = [0];
  for (let i = 1; i < units.length; i++) {
    const size = i - starts.at(-1);
    if ((size >= SHORT && units[i][0].includes("\n")) || (size >= LONG && ENDS_SENTENCE.test(units[i - 1][1])) || size >= 1.5 * LONG)
      starts.push(i);
  }
  return starts;
}

function makeBlocks(state) {
  const { units } = state.model.get("text");
  const starts = blockStarts(units ?? []);
  state.watch?.disconnect();
  state.blocks = starts.map((first, b) => {
    const node = element("div", "xw-block");
    node.style.minHeight = `${2 * Math.ceil(((starts[b + 1] ?? units?.length ?? 0) - first) / 16)}em`; // until it is drawn
    return { node, first, end: starts[b + 1] ?? units?.length ?? 0, isNear: b < FIRST_BLOCKS, isDrawn: false };
  });
  state.page.words.dataset.long = String(starts.length > 1);
  state.page.words.replaceChildren(...state.blocks.map((block) => block.node));
  watchBlocks(state);
}

/** Keep `isNear` of each block true while it is in or close to what the reader sees. */
function watchBlocks(state) {
  if (typeof IntersectionObserver === "undefined") return state.blocks.forEach((block) => { block.isNear = true; });
  if (state.blocks.length === 1) { state.blocks[0].isNear = true; return; }
  const root = state.page.words;
  state.watch = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      const block = state.blocks.find(({ node }) => node === target);
      if (!block) continue;
      block.isNear = isIntersecting;
      if (isIntersecting) freshen(state, block);
    }
  }, { root, rootMargin: "300px" });
  state.blocks.forEach(({ node }) => state.watch.observe(node));
}

function blockOf(state, i) {
  return state.blocks.find(({ first, end }) => first <= i && i < end);
}

/** The element of a unit, drawn now if it was not yet. */
function unitAt(state, i) {
  if (!state.units[i]) { const block = blockOf(state, i); if (block) freshen(state, block); }
  return state.units[i];
}

/** Draw what is near, and the rest in slices of idle time. */
function freshenAll(state) {
  for (const block of state.blocks) if (block.isNear) freshen(state, block);
  freshenLater(state);
}

function freshenLater(state) {
  if (state.isWaiting || state.isClosed || state.blocks.every((block) => isFresh(state, block))) return;
  state.isWaiting = true;
  whenIdle(() => {
    state.isWaiting = false;
    const stale = state.blocks.find((block) => !isFresh(state, block));
    if (state.isClosed || !stale) return;
    freshen(state, stale);
    freshenLater(state);
  });
}

function whenIdle(work) {
  if (typeof requestIdleCallback === "undefined") setTimeout(work, 20);
  else requestIdleCallback(work, { timeout: 500 });
}

function isFresh(state, block) {
  return block.isDrawn && block.lanes === state.lanes && block.picture === state.picture;
}

/** Bring one block up to date: its words once, lanes and heat where they changed. */
function freshen(state, block) {
  if (!block.isDrawn) drawWords(state, block);
  if (block.lanes !== state.lanes) drawLanes(state, block);
  if (block.picture !== state.picture) paintBlock(state, block);
}

function drawWords(state, block) {
  const { units, after } = state.model.get("text");
  const nodes = [];
  for (let i = block.first; i < block.end; i++) nodes.push(...gapNodes(state, i, units[i][0], i === block.first), unitNode(state, i, units[i][1]));
  if (block.end === (units ?? []).length) nodes.push(endNode(state, block.end, after ?? ""));
  else nodes.push(element("span", "xw-gap", lineEnd(units[block.end][0])));
  block.node.replaceChildren(...nodes);
  block.node.style.minHeight = "";
  block.isDrawn = true;
}

/** What of a gap stands at the end of the block before: up to its last line break, which ends that block's line. */
function lineEnd(before) {
  return before.slice(0, before.lastIndexOf("\n") + 1);
}

function gapNodes(state, i, before, isFirst) {
  const text = isFirst && i > 0 ? before.slice(lineEnd(before).length) : before;
  if (!text && !state.taken.has(i)) return [];
  return [(state.gaps[i] = gapNode(state, i, text))];
}

function endNode(state, i, text) {
  return gapNode(state, i, text);
}

/** A gap between words; where words were taken out, it says which. */
function gapNode(state, i, text) {
  const gap = element("span", "xw-gap");
  gap.append(element("span", "xw-between", text));
  if (state.taken.has(i)) gap.append(takenMark(state.taken.get(i)));
  return gap;
}

function takenMark(old) {
  const mark = element("span", "xw-taken");
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", `taken out: ${old}`);
  mark.setAttribute("title", `taken out: ${old}`);
  return mark;
}

function unitNode(state, i, word) {
  const unit = element("span", "xw-unit");
  unit.append(element("span", "xw-word", word));
  unit.dataset.i = String(i);
  if (state.replaced.has(i)) unit.dataset.replaced = "true";
  unit.setAttribute("role", "option");
  unit.setAttribute("tabindex", i === state.at ? "0" : "-1");
  state.units[i] = unit;
  return unit;
}
