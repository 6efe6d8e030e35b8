/* Small charts of the panel: bars that start at zero, columns over the years, steps for categories. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el, svg } = K.dom;
  const WIDTH = 340;
  const HEIGHT = 132;
  const TOP = 22;
  const BOTTOM = 24;

  function span(values) {
    const low = Math.min(0, ...values);
    const high = Math.max(0, ...values);
    return { low, size: high - low || 1 };
  }

  function bar(value, { low, size }) {
    const percent = (part) => `${((part / size) * 100).toFixed(2)}%`;
    const zero = el("span", { class: "ka-bar-zero" });
    zero.style.left = percent(-low);
    const body = el("span", { class: "ka-bar-body" });
    body.style.left = percent(Math.min(0, value) - low);
    body.style.width = percent(Math.abs(value));
    return el("span", { class: "ka-bar", "aria-hidden": "true" }, [body, zero]);
  }

  /* rows: [{level, label, value, text, mark}]; the bars share one axis through zero. Texts get no bar. */
  function bars(rows) {
    const scale = span(rows.map((one) => one.value).filter((value) => typeof value === "number"));
    return el("ul", { class: "ka-bars" }, rows.map((one) => {
      const numeric = typeof one.value === "number";
      return el("li", { class: `ka-bars-${one.level}${numeric ? "" : " ka-bars-plain"}` }, [
        el("span", { class: "ka-bars-label", text: one.label }),
        numeric ? bar(one.value, scale) : null,
        el("span", { class: "ka-bars-value" }, [el("span", { text: one.text }), one.mark ? el("span", { class: "ka-mark", text: one.mark }) : null]),
      ]);
    }));
  }

  function column(point, index, { scale, step, every, last, unknownFill }) {
    const middle = step * (index + 0.5);
    const plot = HEIGHT - TOP - BOTTOM;
    const y = (value) => TOP + plot * (1 - (value - scale.low) / scale.size);
    const width = Math.min(44, step * 0.62);
    const known = typeof point.value === "number";
    const [top, bottom] = known ? [y(Math.max(0, point.value)), y(Math.min(0, point.value))] : [TOP + plot / 2, TOP + plot];
    const named = last - index === 0 || (index % every === 0 && last - index >= every);
    return svg("g", { class: point.current ? "is-current" : null }, [
      svg("rect", { x: middle - width / 2, y: top, width, height: Math.max(1, bottom - top), fill: known ? null : unknownFill }),
      named || point.current ? svg("text", { x: middle, y: point.value < 0 ? bottom + 14 : top - 6, text: point.text }) : null,
      named || point.current ? svg("text", { class: "ka-axis", x: middle, y: HEIGHT - 6, text: String(point.year) }) : null,
    ]);
  }

  /* points: [{year, value, text, current}]; unknown years are hatched, never zero. */
  function columns(points, { title, unknownFill }) {
    const scale = span(points.map((one) => one.value).filter((value) => typeof value === "number"));
    const step = WIDTH / points.length;
    const layout = { scale, step, every: Math.ceil(points.length / 6), last: points.length - 1, unknownFill };
    const zero = TOP + (HEIGHT - TOP - BOTTOM) * (1 + scale.low / scale.size);
    const spoken = points.map((one) => `${one.year}年 ${one.text}`).join("、");
    return svg("svg", { class: "ka-columns", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title}: ${spoken}` }, [
      ...points.map((point, index) => column(point, index, layout)),
      svg("path", { class: "ka-baseline", d: `M0 ${zero}H${WIDTH}` }),
    ]);
  }

  /* points: [{label, text, swatch, current}]: one line for each year of a category. */
  function steps(points) {
    return el("ol", { class: "ka-steps" }, points.map((one) => el("li", { class: one.current ? "is-current" : null }, [
      el("span", { text: one.label }), one.swatch, el("span", { text: one.text }),
    ])));
  }

  K.chart = { bars, columns, steps };
})();
