/* The Leaflet map: districts filled by class, borders, names and places. It never fetches anything. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { setAttribute, reducedMotion } = K.dom;
  const INK = "#1F2933";
  const MARGIN = 12;
  const HIDDEN_ZOOM = 9;
  const DISTRICT = { weight: 1, color: "#FFFFFF", opacity: 1, fillOpacity: 1, smoothFactor: 0, noClip: true };
  const OVERLAY = { fill: false, interactive: false, smoothFactor: 0, noClip: true };
  const LINES = { dashed: { weight: 1.5, dashArray: "5 4", color: INK }, areas: { weight: 2, color: "#3E4C59" } };

  class DistrictMap {
    /* describe(code) -> {label, tip}: spoken name and tooltip element of a district in the present scene;
       overlayWidth(): the pixels at the left that a legend lying on the map takes, or 0; placing: {onAct, onStatus}. */
    constructor(host, { patterns, describe, onPick, overlayWidth, placing }) {
      Object.assign(this, { host, patterns, describe, onPick, overlayWidth, L: globalThis.L, layers: new Map(), places: null, moved: false });
      this.map = this.createLeaflet();
      this.createPanes();
      this.labels = new K.Labels(this.L, this.map, "ka-labels");
      this.people = new K.Demand({ L: this.L, map: this.map, host, pane: "ka-people" });
      this.placing = new K.Placing(this.map, host, placing);
      this.listen();
    }

    createLeaflet() {
      const options = { zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 100 };
      if (reducedMotion()) Object.assign(options, { zoomAnimation: false, fadeAnimation: false, inertia: false });
      // Leaflet focuses the map under a pressed mouse and puts the window back; Streamlit scrolls a part of the page instead.
      const focus = this.host.focus.bind(this.host);
      this.host.focus = (how) => focus({ preventScroll: true, ...how });
      const map = this.L.map(this.host, options);
      this.L.control.zoom({ zoomInTitle: "拡大", zoomOutTitle: "縮小" }).addTo(map);
      this.L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
      setAttribute(this.host, "role", "group");
      setAttribute(this.host, "aria-label", "地区の地図。矢印キーで移動、プラスとマイナスで拡大・縮小、Tabキーで地区を順に選べます");
      return map;
    }

    /* Outlines lie in panes of their own: re-ordering the focusable paths would drop keyboard focus and change Tab order. */
    createPanes() {
      const panes = [["districts", 400], ["borders", 410], ["people", 415], ["chosen", 420], ["labels", 620]];
      this.renderers = {};
      for (const [name, z] of panes) {
        const pane = this.map.createPane(`ka-${name}`);
        pane.style.zIndex = z;
        if (name !== "districts") pane.style.pointerEvents = "none";
        this.renderers[name] = this.L.svg({ pane: `ka-${name}`, padding: 1 });
      }
    }

    drawn(name, style) {
      return { ...OVERLAY, ...style, pane: `ka-${name}`, renderer: this.renderers[name] };
    }

    listen() {
      this.map.on("zoomend", () => this.arrangeLabels());
      // The reader's own view is kept when the window changes; a resting city is fitted anew.
      this.map.on("dragstart zoomstart", () => { this.moved = this.moved || !this.fitting; });
      this.map.on("moveend", () => { this.fitting = false; });
      this.watcher = new ResizeObserver(() => this.resize());
      this.watcher.observe(this.host);
      // The wheel scrolls the page until the reader turns to the map: otherwise the page below could not be reached.
      const wheel = (event) => { if (!this.wheelAllowed(event)) event.stopPropagation(); };
      this.guard = { node: this.host.parentElement, wheel };
      this.guard.node.addEventListener("wheel", wheel, { capture: true });
    }

    wheelAllowed(event) {
      return event.ctrlKey || event.metaKey || this.host.contains(this.host.getRootNode().activeElement);
    }

    resize() {
      // Leaflet answers a new size by panning back into the bounds, which would run on over the fit below.
      if (!this.moved) this.map.setMaxBounds(null);
      this.map.invalidateSize({ animate: false, pan: false });
      if (!this.bounds) return;
      if (!this.moved) this.fitCity({ animate: false });
      this.arrangeLabels();
    }

    setShapes(model) {
      this.shapes = model.payload.shapes;
      const { scale, districts } = this.shapes;
      this.geometry = new Map(districts.map((one) => [one.code, K.shapes.polygons(one, scale)]));
      this.bounds = this.L.latLngBounds([...this.geometry.values()].map((one) => this.L.polygon(one).getBounds()));
      this.fitCity({ animate: false });
      this.draw(model);
    }

    /* New data on the known geometry: layers are drawn again only when what they say about themselves has changed. */
    refresh(model) {
      if (this.signature !== signatureOf(model)) this.draw(model);
    }

    draw(model) {
      this.signature = signatureOf(model);
      this.clearShapes();
      for (const { code } of model.districts) this.addDistrict(code, model.byCode.get(code));
      this.addBorders(model);
      this.labels.load(this.labelEntries(model));
      this.arrangeLabels();
    }

    clearShapes() {
      for (const layer of [...this.layers.values(), ...(this.overlays || [])]) layer.remove();
      this.layers.clear();
      this.overlays = [];
      this.outline = this.ring = null;
    }

    addDistrict(code, district) {
      const latlngs = this.geometry.get(code);
      if (!latlngs) return;
      const options = { ...DISTRICT, pane: "ka-districts", renderer: this.renderers.districts, className: "ka-district" };
      const layer = this.L.polygon(latlngs, options).addTo(this.map);
      const path = layer.getElement();
      path.dataset.code = code;
      if (district.uncertain) path.dataset.uncertain = "true";
      for (const [name, value] of [["tabindex", "0"], ["role", "button"]]) path.setAttribute(name, value);
      layer.bindTooltip(() => this.describe(code).tip, { sticky: true, opacity: 1, direction: "auto" });
      layer.on("click", () => { if (!this.placing.asked) this.onPick(code); });
      this.bindKeys(path, code);
      this.layers.set(code, layer);
    }

    bindKeys(path, code) {
      path.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        this.onPick(code);
      });
      path.addEventListener("focus", () => { if (path.matches(":focus-visible")) this.showFocus(code); });
      path.addEventListener("blur", () => this.ring.forEach((line) => line.remove()));
    }

    addBorders(model) {
      const { scale, districts, areas } = this.shapes;
      const uncertain = districts.filter((one) => model.byCode.has(one.code) && model.byCode.get(one.code).uncertain);
      const dashed = this.L.polyline(K.shapes.outlinesOnce(uncertain, scale), this.drawn("borders", LINES.dashed));
      const heavy = areas.map((area) => this.L.polyline(K.shapes.lines(area, scale), this.drawn("borders", LINES.areas)));
      this.overlays.push(dashed, ...heavy);
      for (const layer of this.overlays) layer.addTo(this.map);
      const casing = { color: "#FFFFFF", weight: 7, opacity: 0.9 };
      this.outline = [casing, { color: INK, weight: 3, className: "ka-outline" }].map((style) => this.L.polygon([], this.drawn("chosen", style)));
      this.ring = [casing, { color: "#0B5F66", weight: 3, dashArray: "6 5", className: "ka-focus" }].map((style) => this.L.polygon([], this.drawn("chosen", style)));
      this.overlays.push(...this.outline, ...this.ring);
    }

    labelEntries(model) {
      return this.shapes.districts.filter((one) => this.layers.has(one.code)).map((one) => {
        const { name, area } = model.byCode.get(one.code);
        return { code: one.code, name, area, at: [one.label[1], one.label[0]], bounds: this.layers.get(one.code).getBounds() };
      });
    }

    arrangeLabels() {
      this.labels.arrange(this.fitZoom);
    }

    /* Restyles in place: fills, spoken names and printed values. */
    paint(scene) {
      const texts = new Map();
      for (const [code, layer] of this.layers) {
        const fillColor = K.bivariate.fill(scene, this.patterns, code);
        // White lines part colours, but would vanish between two hatched neighbours.
        const color = fillColor.startsWith("#") && fillColor !== "#FFFFFF" ? "#FFFFFF" : "#7B8794";
        if (layer.options.fillColor !== fillColor) layer.setStyle({ fillColor, color });
        setAttribute(layer.getElement(), "aria-label", this.describe(code).label);
        texts.set(code, scene.parts.map(({ indicator, year }) => K.format.plain(indicator, year.values[code])).join("／"));
      }
      this.labels.setValues(texts);
    }

    choose(code) {
      for (const [own, layer] of this.layers) {
        setAttribute(layer.getElement(), "aria-pressed", String(own === code));
        layer.getElement().classList.toggle("is-chosen", own === code);
      }
      this.trace(this.outline, code);
      this.labels.chosen = code;
      this.arrangeLabels();
    }

    trace(lines, code) {
      for (const line of lines) {
        if (code === null || !this.geometry.has(code)) line.remove();
        else line.setLatLngs(this.geometry.get(code)).addTo(this.map);
      }
    }

    showFocus(code) {
      this.trace(this.ring, code);
      this.reveal(code);
    }

    /* Moves only as far as needed; close: true also zooms in, for a district found by name. */
    reveal(code, { close = false } = {}) {
      const layer = this.layers.get(code);
      if (!layer) return;
      const bounds = layer.getBounds();
      if (!close && this.map.getBounds().contains(bounds)) return;
      const maxZoom = close ? Math.max(this.map.getZoom(), this.fitZoom + 1) : this.map.getZoom();
      this.moved = true;
      const paddingTopLeft = [32 + this.overlayWidth(), 32];
      // Paths are drawn anew only on arrival: a flight, or zooming far out, would show blank margins on its way.
      const outwards = this.map.getZoom() - this.map.getBoundsZoom(bounds);
      const animate = !reducedMotion() && outwards < 0.5;
      this.map.fitBounds(bounds, { maxZoom, paddingTopLeft, paddingBottomRight: [32, 32], animate });
    }

    fitCity({ animate = !reducedMotion() } = {}) {
      const margin = this.L.point(MARGIN * 2, MARGIN * 2);
      const size = this.map.getSize();
      // Mounted inside a closed tab there is no room yet; the observer fits the city once there is.
      const hasRoom = Math.min(size.x, size.y) > 4 * MARGIN;
      this.fitting = true;
      this.map.setMaxBounds(null);
      this.map.setMinZoom(0);
      this.fitZoom = hasRoom ? this.map.getBoundsZoom(this.bounds, false, margin) : HIDDEN_ZOOM;
      this.map.setView(this.restingCentre(this.fitZoom), this.fitZoom, { animate });
      this.map.setMinZoom(this.fitZoom - 0.5);
      if (hasRoom && !animate) this.map.setMaxBounds(this.bounds.pad(0.4));
      else if (hasRoom) this.map.once("moveend", () => this.map.setMaxBounds(this.bounds.pad(0.4)));
      this.moved = false;
    }

    /* A legend lying on the map takes the lower left: the city then rests to the right and rather high. */
    restingCentre(zoom) {
      const size = this.map.getSize();
      const [northEast, southWest] = [this.bounds.getNorthEast(), this.bounds.getSouthWest()].map((at) => this.map.project(at, zoom));
      if (!this.overlayWidth()) return this.map.unproject(northEast.add(southWest).divideBy(2), zoom);
      const slack = Math.max(0, size.y - (southWest.y - northEast.y) - 2 * MARGIN);
      const corner = northEast.add([MARGIN, -MARGIN - slack * 0.15]);
      return this.map.unproject(corner.add([-size.x / 2, size.y / 2]), zoom);
    }

    /* The same symbols stay as they are; new ones take the keyboard's focus over by their code. */
    setPlaces({ payload }) {
      const said = JSON.stringify([payload.places, payload.act]);
      if (this.placesSaid === said) return;
      this.placesSaid = said;
      const shown = this.placesShown;
      const focused = this.focusedPlace();
      this.showPlaces(false);
      const onAct = (name, place) => this.placing.on.onAct(name, place);
      this.places = K.places.layer(this.L, payload.places || [], { act: payload.act, onAct, placing: this.placing });
      this.showPlaces(shown);
      this.focusPlace(focused);
    }

    focusedPlace() {
      const active = this.host.getRootNode().activeElement;
      const place = active && this.host.contains(active) && active.closest("[data-place]");
      return place ? place.dataset.place : null;
    }

    focusPlace(code) {
      const found = code && [...this.host.querySelectorAll("[data-place]")].find((one) => one.dataset.place === code);
      if (found) found.focus({ preventScroll: true });
    }

    showPlaces(shown) {
      this.placesShown = Boolean(shown);
      if (!this.places) return;
      if (shown) this.places.addTo(this.map);
      else this.places.remove();
    }

    destroy() {
      this.watcher.disconnect();
      this.guard.node.removeEventListener("wheel", this.guard.wheel, { capture: true });
      this.map.remove();
    }
  }

  const signatureOf = (model) => JSON.stringify(model.districts.map((one) => [one.code, one.name, one.area, one.uncertain]));

  K.DistrictMap = DistrictMap;
})();
