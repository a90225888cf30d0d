// Filters, what they leave, and the scores of it: counted as the library counts them (evaluation/entities/counts.py).

const FACETS = ["class", "type", "part", "language", "flag"];

/** Nothing chosen: every row is left. `ticked` holds places in the words of a column; none ticked means all. */
function noFilters() {
  return { text: "", document: "", ticked: Object.fromEntries(FACETS.map((name) => [name, new Set()])), ranges: {} };
}

/** The same filters for other entities, whose words may have other places; what is not there any more is let go. */
function recoded(filters, old, data) {
  const places = (name) => [...filters.ticked[name]].map((code) => data.words[name].indexOf(old.words[name][code])).filter((code) => code >= 0);
  const ranges = Object.entries(filters.ranges).filter(([name]) => name in data.figures);
  return { ...filters, ticked: Object.fromEntries(FACETS.map((name) => [name, new Set(places(name))])), ranges: Object.fromEntries(ranges) };
}

/** One test a filter that is on: [name, row => whether it stays]. */
function testsOf(data, filters) {
  const { codes, figures } = data, tests = [];
  for (const name of ["text", "document"]) if (filters[name]) tests.push([name, holds(data, name, filters[name])]);
  for (const [name, ticked] of Object.entries(filters.ticked)) {
    if (!ticked.size) continue;
    const is = name === "type" ? (row) => ticked.has(codes.gold_type[row]) || ticked.has(codes.predicted_type[row]) : (row) => ticked.has(codes[name][row]);
    tests.push([name, is]);
  }
  for (const [name, [low, high]] of Object.entries(filters.ranges)) {
    const values = figures[name];
    if (low !== null || high !== null) tests.push([name, (row) => values[row] >= (low ?? -Infinity) && values[row] <= (high ?? Infinity)]);
  }
  return tests;
}

/** Each distinct word is searched once; letter case does not matter. */
function holds(data, name, search) {
  const { codes } = data, wanted = search.toLowerCase();
  const lowered = (data.lowered ??= {})[name] ??= data.words[name].map((word) => word.toLowerCase());
  const found = Uint8Array.from(lowered, (word) => (word.includes(wanted) ? 1 : 0));
  if (name === "document") return (row) => found[codes.document[row]] === 1;
  return (row) => found[codes.gold_text[row]] === 1 || found[codes.predicted_text[row]] === 1;
}

/** The rows that pass, in the given order, and for each checklist how many rows each of its words would leave. */
function filtered(data, filters, order) {
  const tests = testsOf(data, filters), failures = new Uint8Array(data.n), last = new Int8Array(data.n).fill(NOBODY);
  tests.forEach(([, passes], k) => {
    for (let row = 0; row < data.n; row++) if (!passes(row)) { failures[row]++; last[row] = k; }
  });
  const counts = Object.fromEntries(FACETS.map((name) => {
    const own = tests.findIndex(([test]) => test === name);
    return [name, counted(data, name, (row) => failures[row] === 0 || (own >= 0 && failures[row] === 1 && last[row] === own))];
  }));
  return { rows: order.filter((row) => failures[row] === 0), counts };
}

/** How many of the rows that count hold each word of a checklist; a row may hold two types. */
function counted({ n, codes, words }, name, isIn) {
  const counts = new Uint32Array(words[name].length);
  const [one, other] = name === "type" ? [codes.gold_type, codes.predicted_type] : [codes[name], null];
  for (let row = 0; row < n; row++) {
    if (!isIn(row)) continue;
    if (one[row] !== NOBODY) counts[one[row]]++;
    if (other && other[row] !== NOBODY && other[row] !== one[row]) counts[other[row]]++;
  }
  return counts;
}

/** How many gold and predicted spans there are in each tier; with `types`, those of these types, each side by its own. */
function tally({ codes, credits }, rows, types = null) {
  const isAny = !types?.size;
  return Object.fromEntries(["gold", "predicted"].map((side) => {
    const own = codes[`${side}_type`], counts = credits.strict.map(() => 0);
    for (const row of rows) if (own[row] !== NOBODY && (isAny || types.has(own[row]))) counts[codes.tier[row]]++;
    return [side, counts];
  }));
}

/** {precision, recall, f1} by scheme; null where no span is there to be scored. */
function figuresOf({ credits }, counts) {
  const earned = (side, credit) => counts[side].reduce((sum, n, tier) => sum + n * credit[tier], 0);
  const [gold, predicted] = ["gold", "predicted"].map((side) => counts[side].reduce((sum, n) => sum + n, 0));
  return Object.fromEntries(Object.entries(credits).map(([scheme, credit]) => {
    const precision = predicted ? earned("predicted", credit) / predicted : null, recall = gold ? earned("gold", credit) / gold : null;
    const both = (precision ?? 0) + (recall ?? 0);
    const f1 = !gold && !predicted ? null : both > 0 && gold && predicted ? (2 * precision * recall) / both : 0;
    return [scheme, { precision, recall, f1, gold, predicted }];
  }));
}

/** The scores of the rows, of each word of a column: [word, number of rows, figures]. */
function scoresBy(data, rows, column, types) {
  const chosen = data.words[column].map((_, code) => code).filter((code) => column !== "type" || !types.size || types.has(code));
  const groups = new Map(chosen.map((code) => [code, []]));
  const [one, other] = column === "type" ? [data.codes.gold_type, data.codes.predicted_type] : [data.codes[column], null];
  for (const row of rows) {
    groups.get(one[row])?.push(row);
    if (other && other[row] !== one[row]) groups.get(other[row])?.push(row);
  }
  return [...groups].filter(([, own]) => own.length).map(([code, own]) => [wordOf(data, column, code), own.length,
    figuresOf(data, tally(data, own, column === "type" ? new Set([code]) : types))]);
}
