/* The panel: everything about the chosen district, or the city when none is chosen. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el } = K.dom;

  const mark = () => el("span", { class: "ka-mark", text: "推計" });
  const heading = (text) => el("h3", { text });

  function figure(scene, value, level) {
    const { indicator, year } = scene;
    const unknown = K.model.isUnknown(value);
    const numeric = typeof value === "number";
    return el("p", { class: `ka-figure${unknown ? " is-unknown" : ""}${numeric ? "" : " is-text"}` }, [
      el("span", { class: "ka-figure-number", text: K.format.plain(indicator, value) }),
      numeric && indicator.unit ? el("span", { class: "ka-figure-unit", text: indicator.unit }) : null,
      !unknown && K.model.estimated(year, level) ? mark() : null,
    ]);
  }

  function subject({ indicator, year }) {
    return el("p", { class: "ka-subject", text: `${indicator.label}　${year.label}`.trim() });
  }

  function rankText({ model, year, chosen }) {
    const rank = K.model.rank(model, year, chosen.code);
    if (!rank) return null;
    const ties = rank.ties > 1 ? `、同じ値 ${rank.ties}地区` : "";
    const unknown = rank.unknown ? `。不明の${rank.unknown}地区を除く` : "";
    return `${rank.of}地区中 ${rank.place}番目（大きい順${ties}）${unknown}`;
  }

  function row(scene, level, label, value) {
    const { indicator, year } = scene;
    const known = !K.model.isUnknown(value);
    return { level, label, value, text: K.format.value(indicator, value), mark: known && K.model.estimated(year, level) };
  }

  /* District, former municipality, city: always the three together. */
  function comparison(scene) {
    const { year, chosen, model } = scene;
    const rows = [
      row(scene, "district", K.format.district(chosen), year.values[chosen.code]),
      row(scene, "area", K.format.area(chosen), (year.areas || {})[chosen.area]),
      row(scene, "city", model.payload.city, year.city),
    ];
    return K.chart.bars(rows);
  }

  function areaComparison(scene) {
    const { model, year } = scene;
    const rows = model.areas.map((name) => row(scene, "area", K.format.area({ area: name }), (year.areas || {})[name]));
    const title = heading("地域（旧市町村）別");
    // One mark above says what eight marks in a column would say more loudly.
    if (rows.some((one) => one.mark)) title.append(mark());
    return el("section", {}, [title, K.chart.bars(rows.map((one) => ({ ...one, mark: false })))]);
  }

  /* Over the steps of an axis: district, area and city in one chart. */
  function curve({ model, indicator, view, chosen }) {
    const numeric = (value) => (typeof value === "number" ? value : null);
    const line = (level, label, value) => ({
      level, label, points: indicator.years.map((one) => ({ at: one.year, value: numeric(value(one)), text: K.format.value(indicator, value(one)) })),
    });
    const lines = [
      chosen && line("district", K.format.district(chosen), (one) => one.values[chosen.code]),
      chosen && line("area", K.format.area(chosen), (one) => (one.areas || {})[chosen.area]),
      line("city", model.payload.city, (one) => one.city),
    ].filter(Boolean);
    const title = `${model.axis.label}ごとの値${indicator.unit ? `（${indicator.unit}）` : ""}`;
    const labels = new Map(indicator.years.map((one) => [one.year, one.label]));
    return el("section", {}, [heading(title), K.chart.curve(lines, { title, labels, current: view.year, indicator })]);
  }

  /* value(year) picks the district's or the city's figure of each year. */
  function history(scene, patterns, value) {
    const { indicator, year } = scene;
    if (indicator.years.length < 2) return null;
    if (scene.model.axis && indicator.kind !== "category") return curve(scene);
    const points = indicator.years.map((one) => ({
      year: one.year, label: one.label, value: value(one), text: K.format.plain(indicator, value(one)), current: one === year,
    }));
    const title = indicator.unit ? `年ごとの値（${indicator.unit}）` : "年ごとの値";
    const unknownFill = patterns.fill(indicator, K.model.UNKNOWN);
    const chart = indicator.kind === "category"
      ? K.chart.steps(points.map((one) => ({ ...one, swatch: stepSwatch(indicator, patterns, one.value) })))
      : K.chart.columns(points, { title, unknownFill });
    return el("section", {}, [heading(title), chart]);
  }

  /* City texts such as 「指定管理 4 · 不明 7」 are no class: they get no swatch. */
  function stepSwatch(indicator, patterns, value) {
    const index = K.model.classOf(indicator, value);
    return index === K.model.OUTSIDE ? null : patterns.swatch(patterns.fill(indicator, index));
  }

  function facts(district) {
    const items = (district.facts || []).flatMap((one) => [
      el("dt", { text: one.label }),
      el("dd", { class: one.unknown ? "is-unknown" : null, text: one.text }),
    ]);
    return items.length ? el("section", {}, [heading("この地区について"), el("dl", { class: "ka-facts" }, items)]) : null;
  }

  function explanation(scene) {
    const { indicator } = scene;
    return el("section", { class: "ka-explanation" }, [
      heading("この数字について"),
      el("p", { text: indicator.definition }),
      indicator.caution ? el("p", { class: "ka-caution", text: indicator.caution }) : null,
      el("p", { class: "ka-muted", text: `基準日と根拠: ${K.origin(scene)}` }),
    ]);
  }

  function pickButton(scene, { district, value }, onPick) {
    const button = el("button", { type: "button", class: "ka-link", "data-pick": district.code, text: district.name });
    button.addEventListener("click", () => onPick(district.code));
    return el("li", {}, [button, el("span", { text: K.format.value(scene.indicator, value) })]);
  }

  function extremes(scene, onPick) {
    if (scene.indicator.kind === "category") return null;
    const known = K.model.ordered(scene.model, scene.year);
    const list = (title, items) => el("section", {}, [heading(title), el("ol", { class: "ka-extremes" }, items.map((one) => pickButton(scene, one, onPick)))]);
    return el("div", { class: "ka-pair" }, [list("大きい3地区", known.slice(0, 3)), list("小さい3地区", known.slice(-3).reverse())]);
  }

  class Panel {
    constructor({ patterns, onPick }) {
      Object.assign(this, { patterns, onPick });
      // Only the head is spoken after a change; facts and charts would be read out at every click.
      this.head = el("div", { class: "ka-panel-head" });
      this.rest = el("div", { class: "ka-panel-rest", "aria-live": "off" });
      const attributes = { class: "ka-panel", "aria-live": "polite", "aria-label": "地区の情報", role: "region", tabindex: "0" };
      this.back = el("button", { type: "button", class: "ka-link ka-clear", text: "市全体に戻る", "aria-live": "off" });
      this.back.addEventListener("click", () => this.leave());
      this.element = el("div", attributes, [this.back, this.head, this.rest]);
    }

    /* The button goes away with its district: focus stays in the panel. */
    leave() {
      this.onPick(null);
      this.element.focus({ preventScroll: true });
    }

    paint(scene) {
      this.back.hidden = !scene.chosen;
      const parts = scene.chosen ? this.districtParts(scene) : this.cityParts(scene);
      this.head.replaceChildren(...parts.head.filter(Boolean));
      this.rest.replaceChildren(...[...parts.rest, explanation(scene)].filter(Boolean));
      const subjectCode = scene.chosen ? scene.chosen.code : "";
      if (this.element.dataset.code !== subjectCode) this.element.scrollTop = 0;
      this.element.dataset.code = subjectCode;
    }

    districtParts(scene) {
      const { chosen, year } = scene;
      const value = year.values[chosen.code];
      const reason = K.model.isUnknown(value) ? K.model.reasonOf(year, chosen.code) : null;
      const ranked = scene.indicator.kind !== "category" ? rankText(scene) : null;
      return {
        head: [
          el("h2", {}, [`${K.format.district(chosen)}`, el("span", { class: "ka-of", text: `（${K.format.area(chosen)}）` })]),
          subject(scene), figure(scene, value, "district"),
          reason ? el("p", { class: "ka-muted", text: `理由: ${reason}` }) : null,
          ranked ? el("p", { class: "ka-rank", text: ranked }) : null,
        ],
        rest: [
          el("section", {}, [heading("地区・地域・市"), comparison(scene)]),
          history(scene, this.patterns, (one) => one.values[chosen.code]),
          facts(chosen),
        ],
      };
    }

    cityParts(scene) {
      const { model, year } = scene;
      return {
        head: [
          el("h2", { text: model.payload.city }), subject(scene), figure(scene, year.city, "city"),
          K.model.isUnknown(year.city) && year.city_reason ? el("p", { class: "ka-muted", text: `理由: ${year.city_reason}` }) : null,
          el("p", { class: "ka-hint", text: "地図か表で地区を選んでください" }),
        ],
        rest: [extremes(scene, this.onPick), history(scene, this.patterns, (one) => one.city), areaComparison(scene)],
      };
    }
  }

  K.Panel = Panel;
})();
