/* The linked table: every district, every indicator; sortable, with the chosen row in view. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el, setText, setAttribute } = K.dom;
  const FIXED = [
    { id: "code", label: "コード", className: "ka-col-code" },
    { id: "name", label: "地区", className: "ka-col-name" },
    { id: "area", label: "地域", className: "ka-col-area" },
  ];

  const BOTH = { id: "both", label: "重なり", className: "ka-col-both", both: true };

  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const compareText = (a, b) => String(a).localeCompare(String(b), "ja");

  class Table {
    constructor({ patterns, onPick }) {
      Object.assign(this, { patterns, onPick });
      this.sort = { column: "code", descending: false };
      this.head = el("tr", {});
      this.body = el("tbody", {});
      this.foot = el("tr", {});
      const caption = el("caption", { class: "ka-hidden", text: "地区別の一覧。見出しのボタンで並べ替え、行を選ぶと地図と連動します" });
      this.table = el("table", {}, [caption, el("thead", {}, this.head), this.body, el("tfoot", {}, this.foot)]);
      this.element = el("div", { class: "ka-table", role: "region", "aria-label": "地区別の一覧", tabindex: "0" }, this.table);
      this.body.addEventListener("click", (event) => this.pick(event));
      this.body.addEventListener("keydown", (event) => this.onKey(event));
    }

    load(model) {
      this.model = model;
      this.build(false);
    }

    /* two: with the column that says in words what the colours of two indicators say; it is there only then. */
    build(two) {
      const { model } = this;
      this.two = two;
      this.fixed = two ? [...FIXED, BOTH] : FIXED;
      this.columns = [...this.fixed, ...model.payload.indicators.map((one) => ({
        id: one.id, label: one.label, indicator: one, className: one.kind === "category" ? "ka-col-text" : "ka-col-number",
      }))];
      if (!this.columns.some((one) => one.id === this.sort.column)) this.sort = { column: "code", descending: false };
      this.buildHead();
      this.rows = new Map(model.districts.map((one) => [one.code, this.buildRow(one)]));
      this.body.replaceChildren(...this.rows.values());
      this.buildFoot(model.payload.city);
    }

    buildHead() {
      this.heads = new Map(this.columns.map((column) => [column.id, this.buildHeader(column)]));
      this.head.replaceChildren(...this.heads.values());
    }

    buildHeader(column) {
      const unit = column.indicator && column.indicator.unit;
      const button = el("button", { type: "button", "data-sort": column.id }, [
        el("span", { class: "ka-head-label", text: column.label }),
        unit ? el("span", { class: "ka-head-unit", text: `（${unit}）` }) : null,
        column.indicator || column.both ? el("span", { class: "ka-head-year" }) : null,
        el("span", { class: "ka-arrow", "aria-hidden": "true" }),
      ]);
      button.addEventListener("click", () => this.sortBy(column));
      return el("th", { scope: "col", class: column.className, "data-column": column.id }, button);
    }

    buildRow(district) {
      const cells = this.columns.map((column) => {
        if (column.id === "name") return el("th", { scope: "row", class: column.className, text: district.name });
        const text = column.indicator || column.both ? null : district[column.id];
        return el("td", { class: column.className, "data-column": column.id, text });
      });
      return el("tr", { "data-code": district.code, tabindex: "-1" }, cells);
    }

    buildFoot(city) {
      const cells = this.columns.slice(this.fixed.length).map((column) => el("td", { class: column.className, "data-column": column.id }));
      const title = el("th", { scope: "row", class: "ka-col-name", text: "市全体", title: city });
      const blank = this.fixed.slice(2).map((column) => el("td", { class: column.className }));
      this.foot.replaceChildren(el("td", { class: "ka-col-code" }), title, ...blank, ...cells);
    }

    /* Cells are rewritten, rows are kept: focus and scroll position survive a change of indicator. */
    paint(scene) {
      this.scene = scene;
      if (this.two !== Boolean(scene.second)) {
        this.build(Boolean(scene.second));
        this.select(this.chosen === undefined ? null : this.chosen);
      }
      this.columns.forEach((column, index) => {
        if (column.indicator) this.paintColumn(column, index, scene.parts.some((one) => one.indicator === column.indicator));
        if (column.both) this.paintBoth(index);
      });
      this.arrange();
      if (this.shown !== scene.indicator.id) this.showColumn(scene.indicator.id);
    }

    /* On a phone the column asked for may lie outside the box, or under the names that stay in place. */
    showColumn(id) {
      this.shown = id;
      const [cell, names, box] = [this.heads.get(id), this.heads.get("name"), this.element];
      const right = cell.offsetLeft + cell.offsetWidth - box.clientWidth;
      if (box.scrollLeft < right) box.scrollLeft = right;
      else box.scrollLeft = Math.min(box.scrollLeft, cell.offsetLeft - names.offsetWidth);
    }

    paintColumn(column, index, current) {
      const { indicator } = column;
      const year = K.model.yearOf(indicator, this.scene.view.year);
      const header = this.heads.get(column.id);
      setText(header.querySelector(".ka-head-year"), [K.model.yearText(this.scene.model, year), K.model.mark(year, "district")].filter(Boolean).join("・"));
      header.classList.toggle("is-current", current);
      for (const [code, row] of this.rows) {
        const note = this.noteOf(year, code);
        this.paintCell(row.cells[index], K.format.plain(indicator, year.values[code]), current, K.model.isUnknown(year.values[code]), note);
      }
      this.paintCell(this.foot.cells[index], K.format.plain(indicator, year.city), current, K.model.isUnknown(year.city));
    }

    /* Under a value: that it stands on few people, and the places it can have. */
    noteOf(year, code) {
      const weak = K.model.weak(year, code) ? `${this.model.payload.weak_below}人未満` : "";
      // A place that is certain is told by sorting
      const places = K.model.placesText(year, code);
      return [weak, places && places.includes("〜") ? places : ""].filter(Boolean).join("・");
    }

    paintBoth(index) {
      const header = this.heads.get(BOTH.id);
      setText(header.querySelector(".ka-head-label"), this.scene.parts.map((one) => one.indicator.label).join(" × "));
      setText(header.querySelector(".ka-head-year"), "3区分ずつ");
      header.classList.add("is-current");
      for (const [code, row] of this.rows) row.cells[index].replaceChildren(...this.bothOf(code));
    }

    bothOf(code) {
      const swatch = this.patterns.swatch(K.bivariate.fill(this.scene, this.patterns, code));
      return [el("span", { class: "ka-both" }, [swatch, el("span", { text: K.bivariate.words(this.scene, code) })])];
    }

    paintCell(cell, text, current, unknown, note = "") {
      if (note) cell.replaceChildren(text, el("span", { class: "ka-cell-note", text: note }));
      else setText(cell, text);
      cell.classList.toggle("is-current", current);
      cell.classList.toggle("is-unknown", unknown);
    }

    sortBy(column) {
      const same = this.sort.column === column.id;
      // Figures are first asked for from the top; codes and names from the beginning.
      const first = column.both || Boolean(column.indicator) && column.indicator.kind !== "category";
      this.sort = { column: column.id, descending: same ? !this.sort.descending : first };
      this.arrange();
    }

    keyOf(district) {
      const { column } = this.sort;
      const { indicator, both } = this.columns.find((one) => one.id === column);
      if (both) return K.bivariate.order(this.scene, district.code);
      if (column === "area") return this.model.areas.indexOf(district.area);
      if (!indicator) return column === "name" ? district.kana || district.name : district.code;
      const value = K.model.yearOf(indicator, this.scene.view.year).values[district.code];
      if (K.model.isUnknown(value)) return null;
      return indicator.kind === "category" ? K.model.classOf(indicator, value) : value;
    }

    order(a, b) {
      if ((a.key === null) !== (b.key === null)) return a.key === null ? 1 : -1;
      const by = this.sort.column === "name" ? compareText : compare;
      const sign = this.sort.descending ? -1 : 1;
      return sign * by(a.key, b.key) || compare(a.district.code, b.district.code);
    }

    arrange() {
      const keyed = this.model.districts.map((district) => ({ district, key: this.keyOf(district) }));
      const wanted = keyed.sort((a, b) => this.order(a, b)).map(({ district }) => this.rows.get(district.code));
      // Re-appending rows drops keyboard focus, so only when the order has really changed.
      if (wanted.some((row, index) => this.body.rows[index] !== row)) this.body.replaceChildren(...wanted);
      for (const [id, header] of this.heads) {
        const direction = this.sort.descending ? "descending" : "ascending";
        setAttribute(header, "aria-sort", id === this.sort.column ? direction : "none");
      }
      this.setTabStop();
    }

    select(code) {
      for (const [own, row] of this.rows) setAttribute(row, "aria-selected", String(own === code));
      this.chosen = code;
    }

    choose(code) {
      this.select(code);
      this.setTabStop();
      if (code !== null) this.scrollTo(this.rows.get(code));
    }

    /* One Tab stop for all rows; the arrow keys go on from there. */
    setTabStop() {
      const stop = this.rows.get(this.chosen) || this.body.rows[0];
      for (const row of this.body.rows) row.tabIndex = row === stop ? 0 : -1;
    }

    /* Scrolls the table's own box only; scrollIntoView would move the whole page away from the map. */
    scrollTo(row) {
      const box = this.element;
      const top = row.offsetTop - this.table.tHead.offsetHeight;
      const bottom = row.offsetTop + row.offsetHeight + this.table.tFoot.offsetHeight;
      if (top < box.scrollTop) box.scrollTop = top;
      else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
    }

    pick(event) {
      const row = event.target.closest("tr");
      if (row) this.onPick(row.dataset.code);
    }

    onKey(event) {
      const row = event.target.closest("tr");
      const move = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
      if (move) this.focusRow(row[move]);
      else if (event.key === "Enter" || event.key === " ") this.onPick(row.dataset.code);
      else return;
      event.preventDefault();
    }

    focusRow(row) {
      if (!row) return;
      row.focus({ preventScroll: true });
      this.scrollTo(row);
    }
  }

  K.Table = Table;
})();
