/* The legend, built from the same classes that colour the map, with the number of districts in each. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el, svg } = K.dom;

  function row(swatch, text, count) {
    return el("li", {}, [swatch, el("span", { class: "ka-legend-text", text }),
      count === null ? null : el("span", { class: "ka-legend-count", text: `${count}` })]);
  }

  function line(dash, width, color) {
    const path = svg("path", { d: "M0 7H22", stroke: color, "stroke-width": width, "stroke-dasharray": dash, fill: "none" });
    return svg("svg", { class: "ka-swatch", viewBox: "0 0 22 14", width: 22, height: 14, "aria-hidden": "true" }, path);
  }

  function classRows({ model, indicator, year }, patterns) {
    const tally = K.model.counts(model, indicator, year);
    const swatch = (index) => patterns.swatch(patterns.fill(indicator, index));
    const rows = indicator.classes.map((one, index) =>
      row(swatch(index), K.format.range(indicator, one), tally.get(index) || 0));
    const reasons = K.model.reasons(model, year);
    const extra = [[K.model.OUTSIDE, "階級の範囲外"], [K.model.UNKNOWN, `不明（${reasons.length > 1 ? "理由は地区ごと" : reasons[0]}）`]];
    for (const [index, text] of extra) {
      if (tally.has(index)) rows.push(row(swatch(index), text, tally.get(index)));
    }
    return rows;
  }

  function lineRows({ model }) {
    const rows = [row(line(null, 2.5, "#3E4C59"), "地域（旧市町村）の境", null)];
    if (model.districts.some((one) => one.uncertain)) {
      rows.push(row(line("5 4", 1.5, "#1F2933"), "破線: 区域の推計の確からしさが低い", null));
    }
    return rows;
  }

  /* 「2020-10-01 国勢調査 · 推計」; full titles stand in the footer, and here only where no way of counting is named */
  function origin({ model, year }) {
    const named = year.counted || K.model.sourcesOf(model, year).map((one) => one.title).join("、");
    return [[year.reference, named].filter(Boolean).join(" "), year.basis].filter(Boolean).join(" · ");
  }

  class Legend {
    constructor(patterns) {
      this.patterns = patterns;
      this.title = el("summary", {});
      this.body = el("div", { class: "ka-legend-body" });
      this.people = el("div", { class: "ka-legend-people", hidden: true });
      this.element = el("details", { class: "ka-legend", open: true }, [this.title, this.body]);
    }

    /* On a wide screen the style sheet lays the legend over the map. */
    overlayWidth() {
      const floats = globalThis.getComputedStyle(this.element).position === "absolute";
      return floats ? this.element.offsetLeft + this.element.offsetWidth : 0;
    }

    paint(scene) {
      const { indicator } = scene;
      this.title.replaceChildren(
        el("span", { class: "ka-legend-title", text: scene.model.axis ? `${indicator.label} ${scene.year.label}`.trim() : indicator.label }),
        el("span", { class: "ka-legend-unit", text: indicator.unit ? `（${indicator.unit}）` : "" }));
      const ranged = indicator.kind !== "category";
      this.body.replaceChildren(
        el("p", { class: "ka-legend-head" }, [el("span", { text: ranged ? "以上 〜 未満" : "区分" }), el("span", { text: "地区数" })]),
        el("ul", {}, classRows(scene, this.patterns)),
        el("ul", { class: "ka-legend-lines" }, lineRows(scene)), this.people,
        el("p", { class: "ka-legend-origin", text: origin(scene) }));
    }

    /* rows: [{symbol, text, count}] of the people on the map; none where they are not shown. */
    paintPeople(demand, rows) {
      this.people.hidden = !rows.length;
      if (!rows.length) return;
      this.people.replaceChildren(
        el("p", { class: "ka-legend-head" }, [el("span", { text: `${demand.label}（円の面積: ${demand.counted}）` }), el("span", { text: demand.unit })]),
        el("ul", {}, rows.map((one) => row(one.symbol, one.text, one.count))));
    }
  }

  K.Legend = Legend;
  K.origin = origin;
})();
