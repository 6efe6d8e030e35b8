/* Fills for classes: plain colours, and SVG patterns that also tell classes apart in black and white. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { svg } = K.dom;
  const GREY = "#8A96A3";

  function strokes(path, width, color) {
    return svg("path", { d: path, stroke: color, "stroke-width": width, fill: "none", "stroke-linecap": "square" });
  }

  const SLANT = "M0 7L7 0M-1 1L1 -1M6 8L8 6";
  const FALLING = "M0 0L7 7M-1 6L1 8M6 -1L8 1";
  const pale = (...drawn) => [svg("rect", { width: 7, height: 7, fill: "#F1F3F5" }), ...drawn];

  const DRAW = {
    unknown: () => pale(strokes(SLANT, 1.1, GREY)),
    unknownSecond: () => pale(strokes("M0 3.5H7", 1.1, GREY)),
    unknownBoth: () => pale(strokes(SLANT, 1.1, GREY), strokes("M0 3.5H7", 1.1, GREY)),
    // Ink beside white is seen on the lightest and on the darkest class alike
    weak: (color) => [svg("rect", { width: 7, height: 7, fill: color }), strokes(FALLING, 2.2, "#FFFFFF"), strokes(FALLING, 1, "#1F2933")],
    hatch: (color) => [svg("rect", { width: 7, height: 7, fill: "#FFFFFF" }), strokes(FALLING, 2, color)],
    hollow: (color) => [svg("rect", { width: 7, height: 7, fill: "#FFFFFF" }), svg("circle", { cx: 3.5, cy: 3.5, r: 1, fill: color })],
  };

  class Patterns {
    constructor(id) {
      this.id = id;
      this.made = new Map();
      this.defs = svg("defs");
      // Not display:none: some browsers then ignore the patterns inside.
      this.element = svg("svg", { class: "ka-defs", width: 0, height: 0, "aria-hidden": "true", focusable: "false" }, this.defs);
    }

    use(kind, color) {
      const key = `${kind}|${color}`;
      if (!this.made.has(key)) {
        const id = `${this.id}-${kind}-${this.made.size}`;
        const box = { id, width: 7, height: 7, patternUnits: "userSpaceOnUse" };
        this.defs.append(svg("pattern", box, DRAW[kind](color)));
        this.made.set(key, `url(#${id})`);
      }
      return this.made.get(key);
    }

    /* The fill of a class index of the indicator; unknown is hatched, outside every class stays white. */
    fill(indicator, index) {
      if (index === K.model.UNKNOWN) return this.use("unknown", GREY);
      if (index === K.model.OUTSIDE) return "#FFFFFF";
      const one = indicator.classes[index];
      return DRAW[one.pattern] ? this.use(one.pattern, one.color) : one.color;
    }

    swatch(fill) {
      const rect = svg("rect", { x: 0.5, y: 0.5, width: 21, height: 13, fill, stroke: "#52606D", "stroke-width": 1 });
      return svg("svg", { class: "ka-swatch", viewBox: "0 0 22 14", width: 22, height: 14, "aria-hidden": "true" }, rect);
    }
  }

  K.Patterns = Patterns;
})();
