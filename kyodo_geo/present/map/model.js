/* Pure look-ups over a payload: which indicator, year and district are shown, their classes, ranks and sources.
   No part of the screen is touched here, and nothing is binned anew: the payload's bounds are the classes. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const UNKNOWN = -1;
  const OUTSIDE = -2;

  const isUnknown = (value) => value === null || value === undefined;

  function build(payload) {
    return {
      payload,
      districts: payload.districts,
      byCode: new Map(payload.districts.map((one) => [one.code, one])),
      areas: [...new Set(payload.districts.map((one) => one.area))],
      indicators: new Map(payload.indicators.map((one) => [one.id, one])),
      sources: new Map(payload.sources.map((one) => [one.id, one])),
      axis: payload.axis || null,
      steps: payload.axis ? stepsOf(payload.indicators) : [],
    };
  }

  /* Every step some indicator has a choice of, smallest first: [{year, label}]. */
  function stepsOf(indicators) {
    const found = new Map(indicators.filter((one) => one.years.length > 1).flatMap((one) => one.years).map((one) => [one.year, one]));
    return [...found.values()].sort((a, b) => a.year - b.year);
  }

  /* The steps the slider offers: an indicator without a choice keeps those of the others, so that theirs is not lost. */
  const offered = (model, indicator) => (indicator.years.length > 1 || !model.steps.length ? indicator.years : model.steps);

  const nearest = (steps, wanted) => steps.reduce((best, one) => (Math.abs(one.year - wanted) < Math.abs(best.year - wanted) ? one : best));

  /* The asked year if the indicator has it, else its latest: changing the indicator never leaves an empty map. */
  function yearOf(indicator, year) {
    return indicator.years.find((one) => one.year === year) || indicator.years[indicator.years.length - 1];
  }

  /* The indicators that can be laid over one: those with thirds, where the payload has colours for two at once. */
  function overlays(model, indicator) {
    if (!model.payload.bivariate || !indicator.thirds) return [];
    return model.payload.indicators.filter((one) => one !== indicator && one.thirds);
  }

  /* A view names a second indicator only where one is chosen. */
  function resolve(model, wanted) {
    const indicator = model.indicators.get(wanted.indicator) || model.payload.indicators[0];
    const district = model.byCode.has(wanted.district) ? wanted.district : null;
    const second = overlays(model, indicator).some((one) => one.id === wanted.second) ? { second: wanted.second } : {};
    const steps = model.axis ? offered(model, indicator) : null;
    const asked = steps && typeof wanted.year === "number";
    const year = asked ? nearest(steps, wanted.year) : yearOf(steps ? { years: steps } : indicator, wanted.year);
    return { indicator: indicator.id, year: year.year, district, ...second };
  }

  /* What stands for the figure's year in words: 「2020年」, or the step of an axis, which may be none. */
  const yearText = (model, year) => (model.axis ? year.label : `${year.year}年`);

  /* The words of the step the view stands at, also where the indicator itself has none. */
  function stepText({ model, view }) {
    const found = model.steps.find((one) => one.year === view.year);
    return (found && found.label) || K.format.withUnit(K.format.number(view.year), model.axis.unit);
  }

  /* Why the unknown values of a year are unknown, each reason once. */
  function reasons(model, year) {
    const unknown = model.districts.filter(({ code }) => isUnknown(year.values[code]));
    return [...new Set(unknown.map(({ code }) => reasonOf(year, code)))];
  }

  /* What all parts of the screen draw from; second is null or {indicator, year}, parts are the one or two shown. */
  function scene(model, view) {
    const indicator = model.indicators.get(view.indicator);
    const chosen = view.district === null ? null : model.byCode.get(view.district);
    const other = view.second ? model.indicators.get(view.second) : null;
    const second = other ? { indicator: other, year: yearOf(other, view.year) } : null;
    const scene = { model, view, indicator, year: yearOf(indicator, view.year), chosen, second };
    return { ...scene, parts: [{ indicator, year: scene.year }, second].filter(Boolean) };
  }

  function withinClass(one, value, last) {
    const low = isUnknown(one.from) ? -Infinity : one.from;
    const high = isUnknown(one.to) ? Infinity : one.to;
    return value >= low && (value < high || (last && value === high));
  }

  /* Index into indicator.classes; half-open [from, to), the last one closed. */
  function classOf(indicator, value) {
    if (isUnknown(value)) return UNKNOWN;
    const classes = indicator.classes;
    const found = indicator.kind === "category"
      ? classes.findIndex((one) => one.key === value)
      : classes.findIndex((one, i) => withinClass(one, value, i === classes.length - 1));
    return found < 0 ? OUTSIDE : found;
  }

  function counts(model, indicator, year) {
    const tally = new Map();
    for (const { code } of model.districts) {
      const index = classOf(indicator, year.values[code]);
      tally.set(index, (tally.get(index) || 0) + 1);
    }
    return tally;
  }

  /* Known districts, largest first; equal values keep the ordinance's order. */
  function ordered(model, year) {
    return model.districts
      .filter(({ code }) => !isUnknown(year.values[code]))
      .map((one) => ({ district: one, value: year.values[one.code] }))
      .sort((a, b) => b.value - a.value);
  }

  /* {place, of, ties, unknown}: ties share the better place; null for an unknown district. */
  function rank(model, year, code) {
    const mine = year.values[code];
    if (isUnknown(mine)) return null;
    const known = ordered(model, year).map((one) => one.value);
    return {
      place: 1 + known.filter((value) => value > mine).length,
      of: known.length,
      ties: known.filter((value) => value === mine).length,
      unknown: model.districts.length - known.length,
    };
  }

  function reasonOf(year, code) {
    return (year.reasons && year.reasons[code]) || "公表資料なし";
  }

  /* The word beside a figure of a level: 推計, 架空 or none; a part of the city may be exact where its districts are not. */
  const mark = (year, level) => (level === "district" ? year.mark : year[`mark_${level}`]) || "";

  /* Whether any figure shown is made up to try the map with. */
  const fictional = ({ parts }) => parts.some(({ year }) => ["district", "area", "city"].some((level) => mark(year, level) === "架空"));

  /* A rate of so few people that it must not be read closely. */
  const weak = (year, code) => Boolean(year.weak && year.weak.includes(code));

  const weakText = (model) => `${model.payload.weak_below}人未満から計算した率`;

  /* 「12〜19番目」 where the payload gives a district a span of places, else null. */
  function placesText(year, code) {
    const [first, last] = (year.ranks || {})[code] || [];
    if (!first) return null;
    return first === last ? `${first}番目` : `${first}〜${last}番目`;
  }

  /* 0, 1 or 2 by the payload's breaks, half-open; null for what is not known. */
  function third({ thirds }, value) {
    return typeof value === "number" ? thirds.filter((edge) => value >= edge).length : null;
  }

  function sourcesOf(model, year) {
    return (year.sources || []).map((id) => model.sources.get(id)).filter(Boolean);
  }

  K.model = {
    UNKNOWN, OUTSIDE, isUnknown, build, resolve, scene, yearOf, classOf, counts, ordered, rank, reasonOf, mark, sourcesOf,
    offered, overlays, yearText, stepText, reasons, fictional, weak, weakText, placesText, third,
  };
})();
