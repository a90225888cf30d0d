// Every entity of a corpus in a table; filters and sorting answer in the page, without the kernel.

let tables = 0; // for ids: two tables may be on one page

function render({ model, el }) {
  const root = element("section", "xw-table");
  root.setAttribute("aria-label", "Entities of the corpus");
  el.append(root);
  const table = new Table(model, root);
  const dark = () => { table.around.dataset.dark = root.dataset.dark; };
  const stops = [followTheme(root, dark), claimKeys(root), onTraits(model, [
    ["table codes figures", () => table.open()], ["selected", () => table.follow()], ["around", () => table.drawAround()]])];
  table.open();
  return () => { table.close(); stops.forEach((stop) => stop()); };
}

const MOST_SHOWN = 1000, PAUSE = 300; // rows, and milliseconds, until the kernel is told what is shown

class Table {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.grid = gridNode(`xw-table-${++tables}`);
    this.line = element("p", "xw-table-line");
    this.line.setAttribute("role", "status");
    this.scores = element("div", "xw-table-scores");
    this.around = element("div", "xw-report xw-table-around");
    this.grid.frame.addEventListener("scroll", () => this.drawRows());
    this.grid.body.addEventListener("click", (event) => this.onClick(event));
    this.grid.grid.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** Other entities, under the same filters. Traits that change together arrive one by one, so sizes are compared first. */
  open() {
    const [table, codes, figures] = ["table", "codes", "figures"].map((name) => this.model.get(name));
    if (codes?.byteLength !== (table.codes?.length ?? -1) * table.rows * 4 || figures.byteLength !== table.figures.length * table.rows * 8) return;
    const old = this.data, data = unpack(table, codes, figures), columns = columnsOf(data);
    const isSame = old && JSON.stringify([columns, ...FACETS.map((name) => data.words[name])]) === JSON.stringify([this.columns, ...FACETS.map((name) => old.words[name])]);
    if (isSame) Object.assign(old, { lowered: undefined }, data); // the bar stays as it is, open lists and all
    else this.begin(data, columns, old);
    if (!this.columns.includes(this.sort.column)) this.sort = { column: "", isDown: false };
    this.order = ordered(this.data, this.sort.column, this.sort.isDown);
    this.rows = null; // they were numbers of other entities
    this.chosen = rowOf(this.data, this.model.get("selected"));
    this.drawHead();
    this.filter();
    this.drawAround();
  }

  /** A bar for these columns and words, with what the old one was set to. */
  begin(data, columns, old) {
    this.filters = old ? recoded(this.filters, old, data) : noFilters();
    this.sort ??= { column: "", isDown: false };
    this.by ??= "";
    [this.data, this.columns, this.active] = [data, columns, 0];
    this.bar = filterBar(data, columns, this.filters, () => this.filter());
    this.root.replaceChildren(this.bar.node, this.line, this.grid.frame, this.around, this.scores);
  }

  /** What the filters leave; the place of the keyboard stays on its row where that is left, or goes where it is told. */
  filter(active = null) {
    const row = this.rows?.[this.active];
    const { rows, counts } = filtered(this.data, this.filters, this.order);
    this.rows = rows;
    this.active = active ?? Math.max(0, row === undefined ? Math.min(this.active, rows.length - 1) : rows.indexOf(row));
    this.bar.sync(counts);
    this.line.textContent = `${rows.length} of ${this.data.n} entities`;
    reveal(this.grid, this.active);
    this.drawRows();
    this.drawScores();
    this.root.dataset.ready = String(rows.length);
    this.tell();
  }

  /** Tell the kernel what is shown, when the reader pauses. */
  tell() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => assign(this.model, { shown: [...this.rows.slice(0, MOST_SHOWN)] }), PAUSE);
  }

  close() { clearTimeout(this.telling); }

  sortBy(column) {
    this.sort = nextSort(this.sort, column);
    this.order = ordered(this.data, this.sort.column, this.sort.isDown);
    this.drawHead();
    this.grid.head.querySelectorAll(".xw-sort")[this.columns.indexOf(column)]?.focus();
    this.filter(0);
  }

  drawHead() { drawHead(this.grid, this.data, this.columns, this.sort, (column) => this.sortBy(column)); }
  drawRows() { drawRows(this.grid, this.data, this.columns, this); }

  drawScores() {
    this.scores.replaceChildren(...scoreNodes(this, (by) => { this.by = by; this.drawScores(); }));
  }

  drawAround() {
    const around = this.model.get("around");
    this.around.replaceChildren(...(around?.excerpts ? [excerptsNode(around)] : []));
  }

  /** Another widget, or the kernel, selected a span. */
  follow() {
    if (!this.data) return;
    const selected = this.model.get("selected");
    const isOwn = this.chosen >= 0 && JSON.stringify(selectionOf(this.data, this.chosen)) === JSON.stringify(selected);
    if (!isOwn) this.chosen = rowOf(this.data, selected);
    const at = this.rows.indexOf(this.chosen);
    if (at >= 0) { this.active = at; reveal(this.grid, at); }
    this.drawRows();
  }

  select(at) {
    this.active = at;
    this.chosen = this.rows[at];
    assign(this.model, { selected: selectionOf(this.data, this.chosen) });
    this.drawRows();
  }

  onClick(event) {
    const row = event.target.closest(".xw-entity-row");
    if (row) this.select(Number(row.dataset.at));
  }

  onKey(event) {
    if (event.target !== this.grid.grid || event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor((this.grid.frame.clientHeight || WINDOW) / ROW) - 2);
    const to = placeAfter(event.key, this.active, this.rows.length, page);
    const isEnter = event.key === "Enter" && this.rows.length > 0;
    if (to === null && !isEnter) return;
    event.preventDefault();
    event.stopPropagation(); // else the notebook's command mode takes the key
    if (isEnter) return this.select(this.active);
    this.active = to;
    reveal(this.grid, to);
    this.drawRows();
  }
}

export default { render };
