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

  function weakRow({ model, parts }, patterns) {
    const years = parts.map(({ year }) => year).filter((year) => (year.weak || []).length);
    if (!years.length) return [];
    const text = `斜線: ${K.model.weakText(model)}${years.some((year) => year.ranks) ? "。順位は幅で示す" : ""}`;
    return [row(patterns.swatch(patterns.use("weak", "#B8C4CE")), text, null)];
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

  /* Of two indicators with grounds of their own, each line names its own. */
  function origins({ model, parts }) {
    const texts = parts.map(({ year }) => origin({ model, year }));
    return texts.every((text) => text === texts[0]) ? [texts[0]] : texts.map((text, at) => `${parts[at].indicator.label}: ${text}`);
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
      this.paintTitle(scene);
      this.body.replaceChildren(
        ...(scene.second ? this.square(scene) : this.scale(scene)),
        el("ul", { class: "ka-legend-lines" }, [...weakRow(scene, this.patterns), ...lineRows(scene)]), this.people,
        ...origins(scene).map((text) => el("p", { class: "ka-legend-origin", text })));
    }

    paintTitle(scene) {
      const { indicator, second, model, year } = scene;
      const label = model.axis ? `${indicator.label} ${year.label}`.trim() : scene.parts.map((one) => one.indicator.label).join(" × ");
      this.title.replaceChildren(
        el("span", { class: "ka-legend-title", text: label }),
        el("span", { class: "ka-legend-unit", text: indicator.unit && !second ? `（${indicator.unit}）` : "" }),
        ...(K.model.fictional(scene) ? [el("span", { class: "ka-mark is-fictional", text: "架空" })] : []));
    }

    scale(scene) {
      const ranged = scene.indicator.kind !== "category";
      return [
        el("p", { class: "ka-legend-head" }, [el("span", { text: ranged ? "以上 〜 未満" : "区分" }), el("span", { text: "地区数" })]),
        el("ul", {}, classRows(scene, this.patterns)),
      ];
    }

    square(scene) {
      const rows = K.bivariate.unknownRows(scene, this.patterns);
      return [
        el("p", { class: "ka-legend-head" }, [el("span", { text: "3区分ずつ" }), el("span", { text: "中の数は地区数" })]),
        K.bivariate.square(scene),
        rows.length ? el("ul", {}, rows.map((one) => row(this.patterns.swatch(one.fill), one.text, one.count))) : null,
      ].filter(Boolean);
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
