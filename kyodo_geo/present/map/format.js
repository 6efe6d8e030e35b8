/* Numbers and phrases as the city writes them: U+2212 minus, thousands separators, unit after the number. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const MINUS = "\u2212";
  const formatters = new Map();

  function formatter(decimals) {
    if (!formatters.has(decimals)) {
      const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
      formatters.set(decimals, new Intl.NumberFormat("ja-JP", digits));
    }
    return formatters.get(decimals);
  }

  /* The sign follows the rounded figure: −0.04 prints as 0.0, never as −0.0. */
  function number(value, { decimals = 0, signed = false } = {}) {
    const digits = formatter(decimals).format(Math.abs(value));
    if (!/[1-9]/.test(digits)) return digits;
    if (value < 0) return MINUS + digits;
    return signed ? "+" + digits : digits;
  }

  function withUnit(text, unit) {
    return unit ? `${text} ${unit}` : text;
  }

  function label(indicator, key) {
    const found = indicator.classes.find((one) => one.key === key);
    return found ? found.label : String(key);
  }

  /* A value of the indicator without its unit; texts (category totals) pass through; null is 不明. */
  function plain(indicator, value) {
    if (value === null || value === undefined) return "不明";
    if (typeof value === "string") return indicator.kind === "category" ? label(indicator, value) : value;
    return number(value, indicator);
  }

  function value(indicator, raw) {
    const text = plain(indicator, raw);
    return typeof raw === "number" ? withUnit(text, indicator.unit) : text;
  }

  function decimalsOf(bound, least) {
    for (let digits = least; digits < least + 4; digits += 1) {
      if (Math.abs(bound - Number(bound.toFixed(digits))) < 1e-9) return digits;
    }
    return least + 4;
  }

  /* A class boundary shows the indicator's decimals, or more when the boundary itself needs them. */
  function bound(indicator, edge) {
    return number(edge, { decimals: decimalsOf(edge, indicator.decimals), signed: indicator.signed });
  }

  function range(indicator, one) {
    if (one.label !== null && one.label !== undefined) return one.label;
    const open = (edge) => edge === null || edge === undefined;
    if (open(one.from)) return `${bound(indicator, one.to)} 未満`;
    if (open(one.to)) return `${bound(indicator, one.from)} 以上`;
    return `${bound(indicator, one.from)} 〜 ${bound(indicator, one.to)}`;
  }

  const suffixed = (name, suffix) => (name.endsWith(suffix) ? name : name + suffix);
  const district = (one) => suffixed(one.name, "地区");
  const area = (one) => suffixed(one.area, "地域");

  K.format = { number, withUnit, plain, value, bound, range, label, district, area };
})();
