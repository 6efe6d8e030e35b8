/* What is said of a district on the map: the tooltip, and the words for a screen reader. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el } = K.dom;

  function valueLine({ indicator, year }, code, named) {
    const value = year.values[code];
    const unknown = K.model.isUnknown(value);
    const mark = K.model.mark(year, "district");
    return el("span", { class: "ka-tip-value" }, [
      named ? el("span", { class: "ka-muted", text: `${indicator.label} ` }) : null,
      el("span", { text: unknown ? `不明（${K.model.reasonOf(year, code)}）` : K.format.value(indicator, value) }),
      !unknown && mark ? el("span", { class: "ka-mark", text: mark }) : null,
    ]);
  }

  /* Why a rate stands under a hatch, and which places it can have; both indicators where two are shown. */
  function weakLines({ model, parts }, code) {
    return parts.filter(({ year }) => K.model.weak(year, code)).map(({ indicator, year }) => {
      const name = parts.length > 1 ? `${indicator.label}: ` : "";
      const places = K.model.placesText(year, code);
      return el("span", { class: "ka-muted", text: [`${name}${K.model.weakText(model)}`, places].filter(Boolean).join("、") });
    });
  }

  /* District, area, value with unit, or 不明 with its reason. */
  function tip(scene, district) {
    const { parts } = scene;
    return el("div", { class: "ka-tip" }, [
      el("strong", { text: K.format.district(district) }),
      el("span", { text: K.format.area(district) }),
      ...parts.map((part) => valueLine(part, district.code, parts.length > 1)),
      scene.second ? el("span", { class: "ka-muted", text: `3区分: ${K.bivariate.words(scene, district.code)}` }) : null,
      ...weakLines(scene, district.code),
      district.uncertain ? el("span", { class: "ka-muted", text: "区域の推計の確からしさが低い" }) : null,
    ]);
  }

  function spokenPart({ model }, { indicator, year }, code) {
    const value = year.values[code];
    if (K.model.isUnknown(value)) return `${indicator.label} 不明、${K.model.reasonOf(year, code)}`;
    const weak = K.model.weak(year, code) ? K.model.weakText(model) : "";
    return [`${indicator.label} ${K.format.value(indicator, value)}`, K.model.mark(year, "district"), weak].filter(Boolean).join("、");
  }

  const spoken = (scene, district) =>
    [K.format.district(district), K.format.area(district), ...scene.parts.map((part) => spokenPart(scene, part, district.code))].join("、");

  K.mapTip = tip;
  K.spoken = spoken;
})();
