/* Two indicators at once: nine colours from three thirds of each, their square legend, and the words for them. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el, svg } = K.dom;
  const WORDS = ["低い", "中くらい", "高い"];
  const [WIDE, TALL] = [46, 28];
  const [LEFT, TOP] = [52, 4];
  const [RIGHT, BOTTOM] = [LEFT + WIDE * 3, TOP + TALL * 3];
  const NO_COLOR = "#FFFFFF";

  /* {places: [third of the first, third of the second], unknown: the parts not known}. */
  function classOf({ parts }, code) {
    const places = parts.map(({ indicator, year }) => K.model.third(indicator, year.values[code]));
    return { places, unknown: parts.filter((_, at) => places[at] === null) };
  }

  const indexOf = ([across, up]) => up * 3 + across;

  /* Which hatch says what is not known: the first, the second, or both. */
  const hatch = ({ parts }, unknown) => (unknown.length === 2 ? "unknownBoth" : unknown[0] === parts[0] ? "unknown" : "unknownSecond");

  /* The fill of a district: its class, or both classes; a weak rate keeps its colour under a hatch. */
  function fill(scene, patterns, code) {
    const color = scene.second ? fillOfTwo(scene, patterns, code) : patterns.fill(scene.indicator, K.model.classOf(scene.indicator, scene.year.values[code]));
    const weak = scene.parts.some(({ year }) => K.model.weak(year, code));
    return weak && color.startsWith("#") ? patterns.use("weak", color) : color;
  }

  function fillOfTwo(scene, patterns, code) {
    const { places, unknown } = classOf(scene, code);
    if (unknown.length) return patterns.use(hatch(scene, unknown), NO_COLOR);
    return scene.model.payload.bivariate.colors[indexOf(places)];
  }

  /* 「高い・低い」: the thirds of a district in words, or what of it is not known. */
  function words(scene, code) {
    const { places, unknown } = classOf(scene, code);
    if (unknown.length) return `不明（${unknown.length === 2 ? "両方" : unknown[0].indicator.label}）`;
    return places.map((third) => WORDS[third]).join("・");
  }

  function tally(scene) {
    const cells = new Map();
    const unknown = new Map();
    for (const { code } of scene.model.districts) {
      const found = classOf(scene, code);
      const [into, key] = found.unknown.length ? [unknown, hatch(scene, found.unknown)] : [cells, indexOf(found.places)];
      into.set(key, (into.get(key) || 0) + 1);
    }
    return { cells, unknown };
  }

  /* White on the darkest colours, ink on the others. */
  function inkOn(color) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
    return 0.299 * r + 0.587 * g + 0.114 * b < 128 ? "#FFFFFF" : "#1F2933";
  }

  function cell(color, index, count) {
    const [x, y] = [LEFT + (index % 3) * WIDE, BOTTOM - (1 + Math.floor(index / 3)) * TALL];
    return svg("g", {}, [
      svg("rect", { x, y, width: WIDE, height: TALL, fill: color, stroke: "#FFFFFF" }),
      svg("text", { class: "ka-legend-count", x: x + WIDE / 2, y: y + TALL / 2 + 4, fill: inkOn(color), text: String(count) }),
    ]);
  }

  function axisTexts({ parts: [across, up] }) {
    const text = (x, y, anchor, words) => svg("text", { x, y, "text-anchor": anchor, text: words });
    const edges = ({ indicator }) => indicator.thirds.map((edge) => K.format.bound(indicator, edge));
    return [
      ...edges(across).map((edge, at) => text(LEFT + WIDE * (at + 1), BOTTOM + 14, "middle", edge)),
      ...edges(up).map((edge, at) => text(LEFT - 4, BOTTOM - TALL * (at + 1) + 4, "end", edge)),
      text(LEFT - 4, BOTTOM - 4, "end", "低い"), text(LEFT - 4, TOP + 12, "end", "高い"),
      text(LEFT, BOTTOM + 28, "start", "低い"), text(RIGHT, BOTTOM + 28, "end", "高い"),
    ];
  }

  const axisName = ({ indicator }) => indicator.label + (indicator.unit ? `（${indicator.unit}）` : "");

  /* The square: the first indicator to the right, the second upwards; counts stand in the cells. */
  function square(scene) {
    const { model, parts } = scene;
    const { cells } = tally(scene);
    const names = parts.map(axisName);
    const label = `2つの指標の3区分ずつ。右へ ${names[0]}、上へ ${names[1]}`;
    return el("div", { class: "ka-square" }, [
      el("p", { class: "ka-square-axis", text: `上へ ↑ ${names[1]}` }),
      svg("svg", { viewBox: `0 0 ${RIGHT + 8} ${BOTTOM + 32}`, width: RIGHT + 8, height: BOTTOM + 32, role: "img", "aria-label": label }, [
        ...model.payload.bivariate.colors.map((color, index) => cell(color, index, cells.get(index) || 0)), ...axisTexts(scene),
      ]),
      el("p", { class: "ka-square-axis", text: `右へ → ${names[0]}` }),
    ]);
  }

  /* [{fill, text, count}] of the districts without a class. */
  function unknownRows(scene, patterns) {
    const { unknown } = tally(scene);
    const [first, second] = scene.parts.map(({ indicator }) => indicator.label);
    const kinds = [["unknown", `不明: ${first}`], ["unknownSecond", `不明: ${second}`], ["unknownBoth", "不明: 両方"]];
    return kinds.filter(([kind]) => unknown.has(kind)).map(([kind, text]) => ({ fill: patterns.use(kind, NO_COLOR), text, count: unknown.get(kind) }));
  }

  /* For sorting: the nine classes from low to high, null for what is not known. */
  function order(scene, code) {
    const { places, unknown } = classOf(scene, code);
    return unknown.length ? null : places[0] * 3 + places[1];
  }

  K.bivariate = { fill, words, square, unknownRows, order };
})();
