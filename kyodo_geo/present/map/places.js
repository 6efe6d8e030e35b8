/* Facilities and stops: a shape for each kind, so that they differ without colour too, and what is tried out with them. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el, svg } = K.dom;
  const [INK, ACCENT, WARN, GREY] = ["#1F2933", "#0B5F66", "#B54708", "#7B8794"];

  const shape = (d, attributes) => svg("path", { d, fill: "#FFFFFF", stroke: INK, "stroke-width": 2, "stroke-linejoin": "round", ...attributes });
  const KINDS = [
    { kind: "centre", label: "市民センター", draw: () => svg("circle", { cx: 8, cy: 8, r: 5, fill: ACCENT, stroke: "#FFFFFF", "stroke-width": 2 }) },
    { kind: "branch", label: "分館など", draw: () => shape("M8 2L14 8L8 14L2 8Z", { stroke: ACCENT }) },
    { kind: "station", label: "駅", draw: () => shape("M3 3H13V13H3ZM3 8H13") },
    { kind: "shelter", label: "避難場所・避難所", draw: () => shape("M8 2L14 8V14H2V8Z", { stroke: ACCENT }) },
    { kind: "clinic", label: "医療機関", draw: () => shape("M6 2H10V6H14V10H10V14H6V10H2V6H6Z", { stroke: WARN }) },
    { kind: "stop", label: "停留所", draw: (color) => svg("circle", { cx: 8, cy: 8, r: 4.5, fill: color || "#FFFFFF", stroke: INK, "stroke-width": 1.5 }) },
    { kind: "vacant", label: "空き家（1件ずつ。職員の表示）", draw: () => svg("circle", { cx: 8, cy: 8, r: 3, fill: WARN, stroke: "#FFFFFF" }) },
    { kind: "own", label: "開いたファイルの施設", draw: () => shape("M8 2L14.5 13.5H1.5Z", { stroke: ACCENT }) },
  ];
  const STATES = {
    closed: { label: "もしも: 閉じた・動かす前", draw: () => svg("path", { d: "M2 14L14 2M2 2L14 14", stroke: WARN, "stroke-width": 2.5 }) },
    opened: { label: "もしも: 置いた", draw: () => svg("path", { d: "M12 0V8M8 4H16", stroke: WARN, "stroke-width": 2.5 }) },
    unfit: { label: "この災害では使えないか不明（数えていない）", draw: () => svg("path", { d: "M1 8H15", stroke: INK, "stroke-width": 2 }) },
    moved: { label: "もしも: 動かした", draw: () => svg("path", { d: "M8 4H15M12 1L15 4L12 7", stroke: WARN, "stroke-width": 2, fill: "none" }) },
  };
  const FADED = ["closed", "unfit"];
  const TOWN = "破線の輪: 位置は大字の代表点（推計）";

  const kindOf = (place) => KINDS.find((one) => one.kind === place.kind) || KINDS[0];

  function symbol(place) {
    const state = STATES[place.state];
    const ring = place.town ? svg("circle", { cx: 8, cy: 8, r: 8.5, fill: "none", stroke: INK, "stroke-width": 1.5, "stroke-dasharray": "2.5 2" }) : null;
    const body = svg("g", FADED.includes(place.state) ? { opacity: 0.45 } : {}, kindOf(place).draw(place.color));
    return svg("svg", { class: "ka-symbol", viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" }, [body, ring, state ? state.draw() : null]);
  }

  function lines(place) {
    return [
      el("strong", { text: place.name }),
      el("span", { text: [kindOf(place).label, (STATES[place.state] || {}).label].filter(Boolean).join("、") }),
      place.town ? el("span", { text: "位置は大字の代表点（推計）" }) : null,
      ...(place.lines || []).map((text) => el("span", { text })),
      place.note ? el("span", { class: "ka-muted", text: place.note }) : null,
    ];
  }

  /* What can be done to a place: [event, button text]. */
  function actions(place, act) {
    if (!act || !place.code || place.state === "unfit") return [];
    if (place.state === "opened" || place.state === "moved" || place.state === "closed") return [["restore", "元に戻す"], ...(act.move && place.state !== "closed" ? [["move", "別の所へ動かす"]] : [])];
    return [act.close ? ["close", "閉じてみる"] : null, act.move ? ["move", "動かしてみる"] : null].filter(Boolean);
  }

  /* The small box of a place: Esc and 閉じる lead back to its symbol. */
  function box(place, act, { onAct, leave }) {
    const buttons = actions(place, act).map(([name, text]) => {
      const button = el("button", { type: "button", class: "ka-button", text });
      button.addEventListener("click", () => { leave(); onAct(name, place); });
      return button;
    });
    const away = el("button", { type: "button", class: "ka-button ka-away", text: "この欄を閉じる" });
    away.addEventListener("click", leave);
    const element = el("div", { class: "ka-tip ka-box", role: "dialog", "aria-label": place.name }, [...lines(place), el("div", { class: "ka-box-buttons" }, [...buttons, away])]);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      leave();
    });
    return element;
  }

  /* For the keyboard and screen readers: a name, Enter and Space, and the map moved to the symbol. */
  function name(pin, place, open) {
    const element = pin.getElement();
    element.setAttribute("aria-label", `${place.name}、${kindOf(place).label}`);
    element.dataset.place = place.code;
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      open();
    });
    // Only the keyboard moves the map to a symbol: under a mouse it would slip away between press and release.
    element.addEventListener("focus", () => { if (element.matches(":focus-visible")) pin._map.panInside(pin.getLatLng(), { padding: [40, 40] }); });
  }

  function marker(L, place, { act, onAct, placing }) {
    const live = actions(place, act).length > 0;
    const icon = L.divIcon({ html: symbol(place), className: `ka-place ka-place-${place.kind}`, iconSize: [14, 14] });
    const pin = L.marker([place.lat, place.lon], { icon, keyboard: live, autoPanOnFocus: false, alt: "", title: "" });
    pin.bindTooltip(() => el("div", { class: "ka-tip" }, lines(place)), { direction: "top", offset: [0, -8] });
    if (!live) return pin;
    const open = () => {
      if (placing.asked) {
        placing.take(pin.getLatLng());
        return;
      }
      const popup = L.popup({ closeButton: false, minWidth: 200, offset: [0, -4], autoPanPadding: [24, 24] });
      const leave = () => { popup.remove(); if (pin.getElement()) pin.getElement().focus(); };
      pin.closeTooltip();
      popup.setLatLng(pin.getLatLng()).setContent(box(place, act, { onAct, leave })).openOn(pin._map);
      popup.getElement().querySelector("button").focus({ preventScroll: true });
    };
    pin.on("click", open);
    pin.on("add", () => name(pin, place, open));
    return pin;
  }

  /* Thousands of points are drawn on one canvas: an element for each would take seconds. */
  const MANY = 1000;

  function dots(L, places) {
    const renderer = L.canvas({ padding: 0.5, pane: "ka-chosen" });
    return L.layerGroup(places.map((place) => L.circleMarker([place.lat, place.lon], { renderer, radius: 3, weight: 1, color: "#FFFFFF", fillColor: WARN, fillOpacity: 0.85, interactive: false })));
  }

  const layer = (L, places, options = {}) => (places.length > MANY ? dots(L, places) : L.layerGroup(places.map((place) => marker(L, place, options))));

  const row = (drawn, text) => el("li", {}, [drawn, el("span", { text })]);

  /* The small key, of the kinds, colours and states that the payload really holds. */
  function key(places, classes = []) {
    const present = KINDS.filter((one) => places.some((place) => place.kind === one.kind));
    const plain = present.filter((one) => !classes.some((other) => other.kind === one.kind));
    const states = Object.keys(STATES).filter((state) => places.some((place) => place.state === state));
    return el("ul", { class: "ka-key", "aria-label": "施設の記号" }, [
      ...plain.map((one) => row(symbol({ kind: one.kind }), one.label)),
      ...classes.map((one) => row(symbol({ kind: one.kind, color: one.color }), `${kindOf(one).label}: ${one.label}`)),
      ...states.map((state) => row(symbol({ kind: places.find((place) => place.state === state).kind, state }), STATES[state].label)),
      places.some((place) => place.town) ? row(symbol({ kind: places.find((place) => place.town).kind, town: true }), TOWN) : null,
    ]);
  }

  K.places = { layer, key };
})();
