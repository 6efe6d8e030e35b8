/* The people: one mark for each place where they live, its area by their number; redrawn at every step. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el } = K.dom;
  const LEAST = 2;
  const MOST = 11;
  const [INK, GREY, ORANGE, RISE, FALL] = ["#1F2933", "#52606D", "#D55E00", "#D87C22", "#654A99"];
  const TURN = Math.PI * 2;

  function circle(ctx, x, y, r) {
    ctx.beginPath();
    ctx.arc(x, y, r, 0, TURN);
  }

  function stroke(ctx, color, width) {
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.stroke();
  }

  function fill(ctx, color) {
    ctx.fillStyle = color;
    ctx.fill();
  }

  function triangle(ctx, x, y, r, up, color) {
    const [half, tall] = [r * 1.2 + 1.5, (r * 1.1 + 1.5) * (up ? 1 : -1)];
    ctx.beginPath();
    ctx.moveTo(x - half, y + tall * 0.75);
    ctx.lineTo(x + half, y + tall * 0.75);
    ctx.lineTo(x, y - tall);
    ctx.closePath();
    fill(ctx, color);
    stroke(ctx, "#FFFFFF", 1);
  }

  const DRAW = {
    within: (ctx, x, y, r) => { circle(ctx, x, y, r); fill(ctx, INK); stroke(ctx, "#FFFFFF", 0.75); },
    outside: (ctx, x, y, r) => {
      circle(ctx, x, y, Math.max(r, 3));
      fill(ctx, "rgb(255 255 255 / 70%)");
      stroke(ctx, "#FFFFFF", 4);
      stroke(ctx, ORANGE, 2.25);
    },
    none: (ctx, x, y, r) => {
      const size = Math.max(r, 4);
      const arm = size * Math.SQRT1_2;
      circle(ctx, x, y, size);
      fill(ctx, "#E4E7EB");
      ctx.moveTo(x - arm, y - arm);
      ctx.lineTo(x + arm, y + arm);
      ctx.moveTo(x + arm, y - arm);
      ctx.lineTo(x - arm, y + arm);
      stroke(ctx, GREY, 1.5);
    },
    longer: (ctx, x, y, r) => triangle(ctx, x, y, r, true, RISE),
    shorter: (ctx, x, y, r) => triangle(ctx, x, y, r, false, FALL),
    same: (ctx, x, y, r) => { circle(ctx, x, y, Math.max(r, LEAST)); fill(ctx, "rgb(255 255 255 / 60%)"); stroke(ctx, GREY, 1); },
  };

  const known = (value) => typeof value === "number";

  /* Out of reach counts as farther than any distance; the payload's tenths are what can be told apart. */
  function change({ before, distance }) {
    if (before === undefined || known(before) !== known(distance)) return before === undefined ? "same" : known(before) ? "longer" : "shorter";
    if (!known(before) || distance === before) return "same";
    return distance > before ? "longer" : "shorter";
  }

  function reach({ distance }, step) {
    if (!known(distance)) return "none";
    return step === null || distance <= step ? "within" : "outside";
  }

  const people = (demand, value) => K.format.withUnit(K.format.number(value, { decimals: Number.isInteger(value) ? 0 : 1 }), demand.unit);

  const decimals = (demand) => (demand.distance_unit === "m" ? 0 : 1);

  function far(demand, value) {
    return known(value) ? K.format.withUnit(K.format.number(value, { decimals: decimals(demand) }), demand.distance_unit) : "届かない";
  }

  function changeText(demand, point) {
    if (point.before === undefined) return null;
    const both = known(point.before) && known(point.distance);
    const by = both ? `（${K.format.number(point.distance - point.before, { signed: true, decimals: decimals(demand) })}）` : "";
    return change(point) === "same" ? "変わらない" : `変化: ${far(demand, point.before)} → ${far(demand, point.distance)}${by}`;
  }

  function tip(demand, point) {
    return el("div", { class: "ka-tip" }, [
      el("strong", { text: point.name }),
      el("span", { class: "ka-tip-value", text: `${demand.counted} ${people(demand, point.people)}` }),
      el("span", { text: `${demand.distance_label} ${far(demand, point.distance)}` }),
      point.to && known(point.distance) ? el("span", { text: `最寄り: ${point.to}` }) : null,
      changeText(demand, point) ? el("span", { text: changeText(demand, point) }) : null,
    ]);
  }

  function markClass(L) {
    // Leaflet's canvas calls this while it draws; a mark differs from its circle only in what is painted.
    return L.CircleMarker.extend({
      _updatePath() {
        const { _ctx: ctx, _drawing: drawing } = this._renderer;
        if (drawing && !this._empty()) DRAW[this.options.state](ctx, this._point.x, this._point.y, this._radius);
      },
    });
  }

  class Demand {
    constructor({ L, map, host, pane }) {
      Object.assign(this, { L, map, host, Mark: markClass(L), marks: [], group: L.layerGroup() });
      this.renderer = L.canvas({ pane, padding: 0.3, tolerance: 6 });
      this.tip = L.tooltip({ direction: "top", offset: [0, -8], opacity: 1, className: "ka-dot-tip" });
      host.addEventListener("mousemove", (event) => this.point(event));
      host.addEventListener("mouseleave", () => this.leave());
      map.on("movestart", () => this.leave());
    }

    load(demand) {
      this.leave();
      this.group.clearLayers();
      this.demand = demand || null;
      // The large ones lie below, so that no small one is hidden.
      const points = [...((demand && demand.points) || [])].sort((a, b) => b.people - a.people);
      const scale = points.length ? MOST / Math.sqrt(Math.max(points[0].people, 1)) : 0;
      this.marks = points.map((point) => new this.Mark([point.at[1], point.at[0]], {
        renderer: this.renderer, interactive: false, weight: 4, state: "same", point, radius: Math.max(LEAST, scale * Math.sqrt(Math.max(point.people, 0))),
      }));
      for (const mark of this.marks) this.group.addLayer(mark);
    }

    /* Only what has another state is drawn again. */
    paint(step, { shown, changes }) {
      this.shown = Boolean(shown && this.demand);
      for (const mark of this.marks) {
        const { point } = mark.options;
        const state = changes ? change(point) : reach(point, step);
        if (mark.options.state !== state) mark.setStyle({ state });
      }
      if (this.shown) this.group.addTo(this.map);
      else this.group.remove();
      if (!this.shown) this.leave();
    }

    /* The marks take no pointer, or the districts below could not be clicked: the nearest one is looked for here. */
    point(event) {
      const hit = this.shown && !event.target.closest(".leaflet-marker-icon, .leaflet-control") ? this.at(event) : null;
      if (hit === this.over) return;
      this.leave();
      if (!hit) return;
      this.over = hit;
      this.host.classList.add("is-on-dot");
      this.map.openTooltip(this.tip.setLatLng(hit.getLatLng()).setContent(tip(this.demand, hit.options.point)));
    }

    at(event) {
      const here = this.map.mouseEventToLayerPoint(event);
      const near = this.marks.map((mark) => ({ mark, far: here.distanceTo(mark._point) }));
      const hits = near.filter(({ mark, far: distance }) => distance <= mark.getRadius() + 3);
      return hits.length ? hits.reduce((a, b) => (b.far < a.far ? b : a)).mark : null;
    }

    leave() {
      if (!this.over) return;
      this.over = null;
      this.host.classList.remove("is-on-dot");
      this.map.closeTooltip(this.tip);
    }
  }

  function swatch(state) {
    const canvas = el("canvas", { class: "ka-swatch ka-dot", width: 44, height: 36, "aria-hidden": "true" });
    const ctx = canvas.getContext("2d");
    ctx.scale(2, 2);
    DRAW[state](ctx, 11, 9, 5);
    return canvas;
  }

  /* Rows of the legend: how many people are in each state; only states that there are. */
  function legend(demand, step, { changes, stepText }) {
    const texts = changes
      ? { longer: "遠くなる", shorter: "近くなる", same: "変わらない" }
      : { within: stepText ? `${stepText}以内` : "届く", outside: `${stepText}より遠い`, none: "届かない" };
    const sums = new Map();
    for (const point of demand.points) {
      const state = changes ? change(point) : reach(point, step);
      sums.set(state, (sums.get(state) || 0) + point.people);
    }
    const always = changes ? ["longer", "shorter"] : ["within"];
    return Object.entries(texts).filter(([state]) => sums.has(state) || always.includes(state)).map(([state, text]) => ({
      symbol: swatch(state), text, count: K.format.number(Math.round(sums.get(state) || 0)),
    }));
  }

  const compared = (demand) => Boolean(demand && demand.points.some((one) => one.before !== undefined));

  K.Demand = Demand;
  K.demand = { legend, compared };
})();
