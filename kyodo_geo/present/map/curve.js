/* The cumulative curve: a value over the steps of an axis, as lines told apart by dash, label and colour. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el, svg } = K.dom;
  const BOX = { width: 340, height: 176, left: 4, right: 92, top: 20, bottom: 26 };
  const LOOK = {
    district: { stroke: "#0B5F66", "stroke-width": 3 },
    area: { stroke: "#A5550D", "stroke-width": 2, "stroke-dasharray": "7 4" },
    city: { stroke: "#1F2933", "stroke-width": 2, "stroke-dasharray": "2 3" },
  };
  const BEYOND = 8;

  const top = (line) => Math.max(0, ...line.points.map((one) => Math.abs(one.value)));

  /* Beside the count of a whole city that of a district is a flat line: what is far larger is named and left out. */
  function comparable(lines) {
    const limit = top(lines[0]) * BEYOND || Infinity;
    return [lines.filter((one) => top(one) <= limit), lines.filter((one) => top(one) > limit)];
  }

  function scales(lines, { unit }) {
    const values = lines.flatMap((one) => one.points.map((point) => point.value)).filter((value) => value !== null);
    const low = Math.min(0, ...values);
    const most = Math.max(0, ...values);
    // Shares stand on one scale, so that two districts can be compared by eye.
    const high = unit === "%" && low === 0 && most <= 100 ? 100 : most || 1;
    const last = lines[0].points[lines[0].points.length - 1].at;
    const first = Math.min(0, lines[0].points[0].at);
    return {
      low, high,
      x: (at) => BOX.left + ((at - first) / (last - first || 1)) * (BOX.width - BOX.left - BOX.right),
      y: (value) => BOX.top + (1 - (value - low) / (high - low || 1)) * (BOX.height - BOX.top - BOX.bottom),
    };
  }

  /* An unknown step breaks the line: nothing is drawn through what is not known. */
  function path(points, { x, y }) {
    return points.map((one, i) => {
      if (one.value === null) return "";
      const begun = i > 0 && points[i - 1].value !== null;
      return `${begun ? "L" : "M"}${x(one.at).toFixed(1)} ${y(one.value).toFixed(1)}`;
    }).join("");
  }

  /* Names at the ends of their lines, pushed apart from the top, and back up where they would leave the box. */
  function labelled(lines, { y }) {
    const ends = lines.map((line) => ({ line, end: [...line.points].reverse().find((one) => one.value !== null) })).filter((one) => one.end);
    const placed = ends.map((one) => ({ ...one, y: y(one.end.value) })).sort((a, b) => a.y - b.y);
    placed.forEach((one, i) => { if (i) one.y = Math.max(one.y, placed[i - 1].y + 16); });
    const over = placed.length ? Math.max(0, placed[placed.length - 1].y - (BOX.height - BOX.bottom)) : 0;
    return placed.map((one) => ({ ...one, y: one.y - over }));
  }

  function series(line, scale, current) {
    const look = LOOK[line.level];
    const here = line.points.find((one) => one.at === current && one.value !== null);
    return svg("g", { class: `ka-curve-${line.level}` }, [
      svg("path", { d: path(line.points, scale), fill: "none", "stroke-linejoin": "round", ...look }),
      here ? svg("circle", { cx: scale.x(here.at), cy: scale.y(here.value), r: 4.5, fill: "#FFFFFF", stroke: look.stroke, "stroke-width": 2 }) : null,
    ]);
  }

  function names(lines, scale) {
    const x = BOX.width - BOX.right;
    return labelled(lines, scale).flatMap(({ line, end, y }) => [
      svg("path", { d: `M${scale.x(end.at) + 2} ${scale.y(end.value)}L${x + 9} ${y}`, stroke: LOOK[line.level].stroke, fill: "none" }),
      svg("text", { class: `ka-curve-name${line.level === "district" ? " is-current" : ""}`, x: x + 12, y: y + 4, text: line.label }),
    ]);
  }

  /* First, last and current step; a name that would touch the current one is left out. */
  function axis(points, scale, { labels, current }) {
    const shown = [points[0], points[points.length - 1]].filter((one) => Math.abs(scale.x(one.at) - scale.x(current)) > 56);
    const text = (at, named) => svg("text", {
      class: named, y: BOX.height - 8, text: labels.get(at), x: Math.max(scale.x(at), 16),
    });
    return [...shown.map((one) => text(one.at, "ka-axis")), labels.has(current) ? text(current, "is-current") : null];
  }

  function spoken(lines, { title, labels, current }) {
    const said = lines.map(({ label, points }) => {
      const picked = points.filter((one, i) => one.at === current || i === 0 || i === points.length - 1);
      const said = picked.map((one) => `${labels.get(one.at)}で${one.text}`);
      return `${label} ${said.join("、")}`;
    });
    return `${title}の折れ線。${said.join("。")}`;
  }

  /* lines: [{level, label, points: [{at, value or null, text}]}], the first one sets the scale. */
  function curve(lines, options) {
    const [drawn, beyond] = comparable(lines);
    const scale = scales(drawn, options.indicator);
    const { current, indicator } = options;
    const right = BOX.width - BOX.right;
    const [ground, ceiling] = [scale.y(0), scale.y(scale.high)];
    const chart = svg("svg", { class: "ka-columns ka-curve", viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: "img", "aria-label": spoken(lines, options) }, [
      svg("path", { class: "ka-curve-grid", d: `M${BOX.left} ${ceiling}H${right}` }),
      svg("text", { class: "ka-axis ka-curve-top", x: BOX.left, y: ceiling - 6, text: K.format.value(indicator, scale.high) }),
      svg("path", { class: "ka-baseline", d: `M${BOX.left} ${ground}H${right}` }),
      options.labels.has(current) ? svg("path", { class: "ka-curve-here", d: `M${scale.x(current)} ${BOX.top - 4}V${BOX.height - BOX.bottom}` }) : null,
      ...[...drawn].reverse().map((line) => series(line, scale, current)),
      ...names(drawn, scale), ...axis(drawn[0].points, scale, options),
    ]);
    const note = beyond.length ? el("p", { class: "ka-muted", text: `${beyond.map((one) => one.label).join("・")}は桁が違うため、線を引いていません。` }) : null;
    return el("div", {}, [chart, note]);
  }

  K.chart.curve = curve;
})();
