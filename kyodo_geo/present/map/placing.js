/* Choosing a point on the map: by a click, or with the keyboard the middle of the map; Esc leaves all as it was. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const ASK = {
    open: "置く所を地図の上で押してください（キーボード: 矢印で動かし、Enter で地図の中央に置く。Esc でやめる）",
    move: "動かす先を地図の上で押してください（キーボード: 矢印で動かし、Enter で地図の中央へ。Esc でやめる）",
  };

  class Placing {
    /* on: {onAct(name, {code, at}), onStatus(text)} */
    constructor(map, host, on) {
      Object.assign(this, { map, host, on, asked: null });
      map.on("click", (event) => { if (this.asked) this.take(event.latlng); });
      host.addEventListener("keydown", (event) => this.key(event), { capture: true });
    }

    start(asked) {
      this.asked = asked;
      this.map.closePopup();
      this.host.classList.add("is-placing");
      this.on.onStatus(ASK[asked.act]);
      this.host.focus({ preventScroll: true });
    }

    stop() {
      this.asked = null;
      this.host.classList.remove("is-placing");
      this.on.onStatus("");
    }

    key(event) {
      // Enter on a symbol, a box or a button of the map means that one, not the middle of the map
      const other = event.target.closest(".leaflet-marker-icon, .ka-box, .leaflet-control");
      if (!this.asked || !["Enter", "Escape"].includes(event.key) || (other && event.key === "Enter")) return;
      event.preventDefault();
      event.stopPropagation();
      // A key held down on the button that began this is no answer yet
      if (event.repeat) return;
      if (event.key === "Enter") this.take(this.map.getCenter());
      else this.stop();
    }

    take({ lat, lng }) {
      const { act, code } = this.asked;
      // The map repeats beyond 180 degrees; a point has one longitude
      const { lng: lon } = globalThis.L.latLng(lat, lng).wrap();
      this.stop();
      this.on.onAct(act, { code, at: [Number(lon.toFixed(5)), Number(lat.toFixed(5))] });
    }
  }

  K.Placing = Placing;
})();
