/* Names on the map. Greedy: chosen first, then larger districts; a name that would touch another one stays hidden. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el, setText } = K.dom;
  const PHONE_WIDTH = 520;
  const GAP = 3;

  function createLabel(L, pane, name, at, kind) {
    const value = el("span", { class: "ka-label-value" });
    const box = el("span", { class: "ka-label-text" }, [el("span", { text: name }), value]);
    const icon = L.divIcon({ html: box, className: `ka-label ka-label-${kind}`, iconSize: [0, 0] });
    const marker = L.marker(at, { icon, pane, interactive: false, keyboard: false });
    return { marker, box, value, at: L.latLng(at), kind, width: 0, height: 0 };
  }

  const overlaps = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  class Labels {
    constructor(L, map, pane) {
      Object.assign(this, { L, map, pane, districts: new Map(), areas: [], chosen: null });
    }

    /* entries: [{code, name, area, at: [lat, lon], bounds}] */
    load(entries) {
      this.clear();
      for (const one of entries) {
        const label = createLabel(this.L, this.pane, one.name, one.at, "district");
        this.districts.set(one.code, Object.assign(label, { code: one.code, bounds: one.bounds }));
      }
      this.areas = this.areaLabels(entries);
      for (const label of this.all()) this.add(label);
      this.measure();
    }

    all() {
      return [...this.districts.values(), ...this.areas];
    }

    add(label) {
      label.marker.addTo(this.map);
      label.marker.getElement().setAttribute("aria-hidden", "true");
      if (label.code) label.marker.getElement().dataset.label = label.code;
    }

    clear() {
      for (const label of this.all()) label.marker.remove();
      this.districts.clear();
      this.areas = [];
    }

    /* An area has no label point of its own: the district label nearest to the middle of them never falls outside. */
    areaLabels(entries) {
      const groups = groupBy(entries, (one) => one.area);
      return [...groups].map(([name, members]) => {
        const bounds = members.reduce((all, one) => all.extend(one.bounds), this.L.latLngBounds([]));
        const middle = bounds.getCenter();
        const nearest = [...members].sort((a, b) => middle.distanceTo(a.at) - middle.distanceTo(b.at))[0];
        return Object.assign(createLabel(this.L, this.pane, name, nearest.at, "area"), { bounds });
      });
    }

    measure() {
      for (const label of this.all()) {
        label.width = label.box.offsetWidth;
        label.height = label.box.offsetHeight;
      }
    }

    /* On a phone showing the whole city only the former municipalities are named. */
    arrange(fitZoom) {
      const small = this.map.getSize().x < PHONE_WIDTH && this.map.getZoom() < fitZoom + 0.75;
      const taken = [];
      for (const label of this.ranked()) {
        const box = this.boxOf(label);
        const isChosen = label.code !== undefined && label.code === this.chosen;
        const wanted = isChosen || (label.kind === "area") === small;
        const shown = wanted && (isChosen || this.fits(label)) && !taken.some((other) => overlaps(box, other));
        if (shown) taken.push(box);
        label.marker.getElement().classList.toggle("is-hidden", !shown);
        label.marker.getElement().classList.toggle("is-chosen", isChosen);
      }
    }

    ranked() {
      const size = ({ bounds }) => (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());
      const first = (label) => (label.code !== undefined && label.code === this.chosen ? 1 : 0);
      return this.all().sort((a, b) => first(b) - first(a) || size(b) - size(a));
    }

    /* A name wider than its district would be read as the neighbour's. */
    fits(label) {
      const west = this.map.latLngToLayerPoint(label.bounds.getSouthWest()).x;
      const east = this.map.latLngToLayerPoint(label.bounds.getNorthEast()).x;
      return label.kind === "area" || east - west > label.width * 0.8;
    }

    boxOf(label) {
      const { x, y } = this.map.latLngToLayerPoint(label.at);
      const [w, h] = [label.width / 2 + GAP, label.height / 2 + GAP];
      return { left: x - w, right: x + w, top: y - h, bottom: y + h };
    }

    /* Values stand under the names on paper only, where colours may be lost. */
    setValues(texts) {
      for (const [code, label] of this.districts) setText(label.value, texts.get(code) || "");
    }
  }

  function groupBy(items, keyOf) {
    const groups = new Map();
    for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) || []), item]);
    return groups;
  }

  K.Labels = Labels;
})();
