/* Centres, branches and stations: three shapes, so that they differ without colour too. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el, svg } = K.dom;
  const INK = "#1F2933";

  const KINDS = [
    { kind: "centre", label: "市民センター", draw: () => svg("circle", { cx: 8, cy: 8, r: 5, fill: "#0B5F66", stroke: "#FFFFFF", "stroke-width": 2 }) },
    { kind: "branch", label: "分館など", draw: () => svg("path", { d: "M8 2L14 8L8 14L2 8Z", fill: "#FFFFFF", stroke: "#0B5F66", "stroke-width": 2 }) },
    { kind: "station", label: "駅", draw: () => svg("path", { d: "M3 3H13V13H3ZM3 8H13", fill: "#FFFFFF", stroke: INK, "stroke-width": 2 }) },
  ];

  function symbol(kind) {
    const found = KINDS.find((one) => one.kind === kind) || KINDS[0];
    return svg("svg", { class: "ka-symbol", viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" }, found.draw());
  }

  function marker(L, place) {
    const icon = L.divIcon({ html: symbol(place.kind), className: `ka-place ka-place-${place.kind}`, iconSize: [14, 14] });
    const pin = L.marker([place.lat, place.lon], { icon, keyboard: false });
    const kind = KINDS.find((one) => one.kind === place.kind);
    return pin.bindTooltip(() => el("div", { class: "ka-tip" }, [
      el("strong", { text: place.name }),
      el("span", { text: kind ? kind.label : "" }),
      place.note ? el("span", { text: place.note }) : null,
    ]), { direction: "top", offset: [0, -8] });
  }

  const layer = (L, places) => L.layerGroup(places.map((place) => marker(L, place)));

  /* The small key, of the kinds that the payload really holds. */
  function key(places) {
    const present = KINDS.filter((one) => places.some((place) => place.kind === one.kind));
    return el("ul", { class: "ka-key", "aria-label": "施設の記号" }, present.map((one) =>
      el("li", {}, [symbol(one.kind), el("span", { text: one.label })])));
  }

  K.places = { layer, key };
})();
