/* The panel: everything about the chosen district, or the city when none is chosen. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el } = K.dom;

  const mark = (word) => el("span", { class: "ka-mark", text: word });
  const heading = (text) => el("h3", { text });

  function figure({ indicator, year }, value, level) {
    const unknown = K.model.isUnknown(value);
    const word = unknown ? "" : K.model.mark(year, level);
    const numeric = typeof value === "number";
    return el("p", { class: `ka-figure${unknown ? " is-unknown" : ""}${numeric ? "" : " is-text"}` }, [
      el("span", { class: "ka-figure-number", text: K.format.plain(indicator, value) }),
      numeric && indicator.unit ? el("span", { class: "ka-figure-unit", text: indicator.unit }) : null,
      word ? mark(word) : null,
    ]);
  }

  function subject({ indicator, year }) {
    return el("p", { class: "ka-subject", text: `${indicator.label}　${year.label}`.trim() });
  }

  function rankText({ model, year, chosen }) {
    const rank = K.model.rank(model, year, chosen.code);
    if (!rank) return null;
    const unknown = rank.unknown ? `。不明の${rank.unknown}地区を除く` : "";
    const span = K.model.placesText(year, chosen.code);
    if (span) return `${rank.of}地区中 ${span}（大きい順）${unknown}`;
    const ties = rank.ties > 1 ? `、同じ値 ${rank.ties}地区` : "";
    return `${rank.of}地区中 ${rank.place}番目（大きい順${ties}）${unknown}`;
  }

  function row({ indicator, year }, level, label, value) {
    const known = !K.model.isUnknown(value);
    return { level, label, value, text: K.format.value(indicator, value), mark: known ? K.model.mark(year, level) : "" };
  }

  const hasAreas = (year) => Object.keys(year.areas || {}).length > 0;

  /* District, former municipality, city: always the three together, where the figure has those levels. */
  function comparison({ chosen, model, parts }, part) {
    const { year } = part;
    const rows = [
      row(part, "district", K.format.district(chosen), year.values[chosen.code]),
      ...(hasAreas(year) ? [row(part, "area", K.format.area(chosen), year.areas[chosen.area]), row(part, "city", model.payload.city, year.city)] : []),
    ];
    const name = parts.length > 1 ? `（${part.indicator.label}）` : "";
    return el("section", {}, [heading(`地区・地域・市${name}`), K.chart.bars(rows)]);
  }

  function areaComparison(scene) {
    const { model, year } = scene;
    if (!hasAreas(year)) return null;
    const rows = model.areas.map((name) => row(scene, "area", K.format.area({ area: name }), year.areas[name]));
    const title = heading("地域（旧市町村）別");
    // One mark above says what eight marks in a column would say more loudly.
    const marked = rows.find((one) => one.mark);
    if (marked) title.append(mark(marked.mark));
    return el("section", {}, [title, K.chart.bars(rows.map((one) => ({ ...one, mark: "" })))]);
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
    const unit = indicator.unit ? `（${indicator.unit}）` : "";
    const title = `${model.axis.label}ごとの値${unit}`;
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

  function explanation({ model, parts }, { indicator, year }) {
    return el("section", { class: "ka-explanation" }, [
      heading(parts.length > 1 ? `${indicator.label}について` : "この数字について"),
      el("p", { text: indicator.definition }),
      indicator.caution ? el("p", { class: "ka-caution", text: indicator.caution }) : null,
      el("p", { class: "ka-muted", text: `基準日と根拠: ${K.origin({ model, year })}` }),
    ]);
  }

  const reason = (text) => (text ? el("p", { class: "ka-muted", text: `理由: ${text}` }) : null);

  /* What it is, its figure, and what must be known of it: of the one indicator, or of each of two. */
  function districtFigure(scene, part) {
    const { model, chosen } = scene;
    const { indicator, year } = part;
    const value = year.values[chosen.code];
    const ranked = indicator.kind !== "category" ? rankText({ model, year, chosen }) : null;
    return [
      subject(part), figure(part, value, "district"),
      K.model.isUnknown(value) ? reason(K.model.reasonOf(year, chosen.code)) : null,
      ranked ? el("p", { class: "ka-rank", text: ranked }) : null,
      K.model.weak(year, chosen.code) ? el("p", { class: "ka-caution", text: `${K.model.weakText(model)}です` }) : null,
    ];
  }

  function cityFigure(part) {
    const { year } = part;
    return [subject(part), figure(part, year.city, "city"), K.model.isUnknown(year.city) ? reason(year.city_reason) : null];
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
      const about = scene.parts.map((part) => explanation(scene, part));
      this.rest.replaceChildren(...[...parts.rest, ...about].filter(Boolean));
      const subjectCode = scene.chosen ? scene.chosen.code : "";
      if (this.element.dataset.code !== subjectCode) this.element.scrollTop = 0;
      this.element.dataset.code = subjectCode;
    }

    districtParts(scene) {
      const { chosen } = scene;
      return {
        head: [
          el("h2", {}, [`${K.format.district(chosen)}`, el("span", { class: "ka-of", text: `（${K.format.area(chosen)}）` })]),
          ...scene.parts.flatMap((part) => districtFigure(scene, part)),
        ],
        rest: [
          ...scene.parts.map((part) => comparison(scene, part)),
          history(scene, this.patterns, (one) => one.values[chosen.code]),
          facts(chosen),
        ],
      };
    }

    cityParts(scene) {
      return {
        head: [
          el("h2", { text: scene.model.payload.city }), ...scene.parts.flatMap(cityFigure),
          el("p", { class: "ka-hint", text: "地図か表で地区を選んでください" }),
        ],
        rest: [extremes(scene, this.onPick), history(scene, this.patterns, (one) => one.city), areaComparison(scene)],
      };
    }
  }

  K.Panel = Panel;
})();
