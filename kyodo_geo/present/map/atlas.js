/* KyodoAtlas.mount: puts the parts together and keeps one view {indicator, year, district, second} for all of them. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el, uid, setText } = K.dom;
  const HINT = "拡大・縮小: ＋／− ボタン、Ctrl キーを押しながらホイール、または地図をクリックしてからホイール";
  const ATTRIBUTION = "国勢調査 境界データを加工";

  const FICTIONAL = "架空 — 体験用データ。実際の数字ではありません";
  const SOME_FICTIONAL = "架空の数字または場所を含む図です（体験用データ）";

  const REST_MS = 250;

  const sameFigures = (a, b) => a.indicator === b.indicator && a.year === b.year && (a.second || null) === (b.second || null);
  const sameView = (a, b) => sameFigures(a, b) && a.district === b.district;

  class Atlas {
    constructor(root, payload, { onView, onAct, shareUrl } = {}) {
      this.root = root;
      this.onView = onView || (() => {});
      this.onAct = onAct || (() => {});
      this.acts = 0;
      this.shareUrl = shareUrl || (() => globalThis.location.href);
      this.sent = [];
      this.build(uid());
      this.load(payload);
      this.view = K.model.resolve(this.model, payload.view || {});
      this.paint();
      this.show(this.view.district);
      this.printing = { beforeprint: () => this.toPaper(true), afterprint: () => this.toPaper(false) };
      for (const [name, act] of Object.entries(this.printing)) globalThis.addEventListener(name, act);
    }

    /* Browsers lay out for paper without telling the map: it takes its paper width before, and its own again after. */
    toPaper(on) {
      this.element.classList.toggle("is-printing", on);
      this.map.labels.measure();
      this.map.resize();
    }

    build(id) {
      const onPick = (district) => this.change({ district });
      this.patterns = new K.Patterns(id);
      this.controls = new K.Controls({ id, shareUrl: () => this.shareUrl(), on: this.controlActions() });
      this.legend = new K.Legend(this.patterns);
      this.panel = new K.Panel({ patterns: this.patterns, onPick });
      this.table = new K.Table({ patterns: this.patterns, onPick: (district) => { onPick(district); this.map.reveal(district); } });
      this.notes = new K.Notes();
      this.arrange(id);
      const describe = (code) => this.describe(code);
      const overlayWidth = () => this.legend.overlayWidth();
      const placing = { onAct: (act, place) => this.act(act, place), onStatus: (text) => setText(this.controls.status, text) };
      this.map = new K.DistrictMap(this.mapHost, { patterns: this.patterns, onPick, describe, overlayWidth, placing });
    }

    controlActions() {
      return {
        change: (part) => this.change(part),
        find: (district) => { this.change({ district }); this.map.reveal(district, { close: true }); },
        slide: (year, { told }) => this.slide(year, told),
        people: () => this.paintPeople(),
        open: () => this.map.placing.start({ act: "open", code: null }),
        places: (shown) => this.map.showPlaces(shown),
        fit: () => this.map.fitCity(),
      };
    }

    /* A step of the slider is drawn at once and told to the host when the slider rests. */
    slide(year, told) {
      this.apply({ ...this.view, year });
      clearTimeout(this.resting);
      // Each press of an arrow key is a change of its own
      if (told) this.resting = setTimeout(() => this.tell(), REST_MS);
    }

    tell() {
      this.sent = [...this.sent.slice(-20), this.view];
      this.onView({ ...this.view });
    }

    /* Something tried out on a place: moving needs a point first, all else is told at once. */
    act(act, { code, at }) {
      if (act === "move" && !at) {
        this.map.placing.start({ act, code });
        return;
      }
      this.acts += 1;
      this.onAct({ act, code: code || null, at: at || null, n: this.acts });
    }

    paintPeople() {
      const { demand } = this.model.payload;
      if (!demand) return;
      const { shown, changes } = this.controls.peopleShown;
      const step = this.model.axis ? this.view.year : null;
      const stepText = this.model.axis ? K.model.stepText(this.scene) : "";
      this.map.people.paint(step, { shown, changes });
      this.legend.paintPeople(demand, shown ? K.demand.legend(demand, step, { changes, stepText }) : []);
    }

    arrange(id) {
      this.title = el("p", { class: "ka-title" });
      this.credit = el("p", { class: "ka-credit" });
      this.mapHost = el("div", { class: "ka-map" });
      this.table.element.id = `${id}-table`;
      const skip = el("a", { class: "ka-skip", href: `#${id}-table`, text: "地図をとばして表へ" });
      skip.addEventListener("click", (event) => { event.preventDefault(); this.table.element.focus(); });
      this.band = el("p", { class: "ka-band", hidden: true, text: FICTIONAL });
      this.notice = el("p", { class: "ka-band ka-band-all", hidden: true, text: SOME_FICTIONAL });
      const frame = el("div", { class: "ka-map-frame" }, [this.band, this.mapHost, this.legend.element]);
      const foot = el("div", { class: "ka-map-foot" }, [el("p", { class: "ka-wheel-hint", text: HINT }), this.credit]);
      const stage = el("div", { class: "ka-stage" }, [skip, frame, foot]);
      const body = el("div", { class: "ka-body" }, [stage, this.panel.element]);
      this.element = el("section", { class: "kyodo-atlas", lang: "ja" }, [
        this.patterns.element, this.notice, this.title, this.controls.element, body, this.table.element, this.notes.element,
      ]);
      this.root.append(this.element);
      this.root.ownerDocument.documentElement.lang = "ja";
    }

    load(payload) {
      const known = this.model && this.model.payload.shapes.id === payload.shapes.id;
      this.model = K.model.build(payload);
      this.element.setAttribute("aria-label", payload.title);
      setText(this.title, payload.title);
      this.notice.hidden = !payload.fictional;
      setText(this.credit, payload.attribution || ATTRIBUTION);
      this.controls.load(this.model);
      this.table.load(this.model);
      if (!known) this.map.setShapes(this.model);
      else this.map.refresh(this.model);
      this.map.people.load(payload.demand);
      this.map.setPlaces(this.model);
      if (this.controls.check.checked) this.map.showPlaces(true);
    }

    describe(code) {
      const district = this.model.byCode.get(code);
      return { label: K.spoken(this.scene, district), tip: K.mapTip(this.scene, district) };
    }

    paint() {
      this.scene = K.model.scene(this.model, this.view);
      this.band.hidden = !K.model.fictional(this.scene);
      for (const part of [this.controls, this.map, this.legend, this.panel, this.table, this.notes]) part.paint(this.scene);
      this.paintPeople();
    }

    show(district) {
      this.map.choose(district);
      this.table.choose(district);
      this.controls.choose(this.scene.chosen);
    }

    /* A change by the user: drawn first, told to the host afterwards. */
    change(part) {
      const before = this.view;
      this.apply({ ...before, ...part });
      if (!sameView(before, this.view)) this.tell();
    }

    apply(wanted) {
      const before = this.view;
      this.view = K.model.resolve(this.model, wanted);
      if (sameView(before, this.view)) return;
      if (sameFigures(before, this.view)) this.repaintChoice();
      else this.paint();
      if (before.district !== this.view.district) this.show(this.view.district);
    }

    repaintChoice() {
      this.scene = K.model.scene(this.model, this.view);
      this.panel.paint(this.scene);
    }

    /* A host that reruns on every change sends our own views back, late ones too: such an echo must not undo newer clicks. */
    isEcho(view) {
      const at = this.sent.findIndex((one) => sameView(one, view));
      if (at >= 0) this.sent = this.sent.slice(at + 1);
      return at >= 0;
    }

    update(payload) {
      this.load(payload);
      const wanted = payload.view ? K.model.resolve(this.model, payload.view) : this.view;
      this.view = this.isEcho(wanted) ? K.model.resolve(this.model, this.view) : wanted;
      this.paint();
      this.show(this.view.district);
    }

    setView(view) {
      // A whole view names no second indicator where none is chosen
      this.apply({ ...this.view, second: null, ...view });
      if (view.district) this.map.reveal(this.view.district);
    }

    destroy() {
      clearTimeout(this.resting);
      for (const [name, act] of Object.entries(this.printing)) globalThis.removeEventListener(name, act);
      this.map.destroy();
      this.element.remove();
    }
  }

  /* mount(root, payload, {onView, onAct, shareUrl}) -> {update(payload), setView(view), destroy()} */
  function mount(root, payload, options) {
    const atlas = new Atlas(root, payload, options);
    return {
      update: (next) => atlas.update(next),
      setView: (view) => atlas.setView(view),
      destroy: () => atlas.destroy(),
    };
  }

  K.mount = mount;
})();
