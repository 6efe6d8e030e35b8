/* The control line above the map. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el, setText } = K.dom;

  function field(label, control, className) {
    return el("label", { class: `ka-field ${className || ""}` }, [el("span", { class: "ka-field-label", text: label }), control]);
  }

  function button(text, className, onClick) {
    const node = el("button", { type: "button", class: `ka-button ${className}`, text });
    node.addEventListener("click", onClick);
    return node;
  }

  function setOptions(select, options, value) {
    const wanted = JSON.stringify(options);
    if (select.dataset.options !== wanted) {
      select.replaceChildren(...options.map(([key, text]) => el("option", { value: key, text })));
      select.dataset.options = wanted;
    }
    select.value = value;
  }

  class Controls {
    /* on: {change(part of a view), slide(step), find(code), places(shown), people(shown, changes), open(), fit()};
       shareUrl(): the address to hand on. */
    constructor({ id, on, shareUrl }) {
      Object.assign(this, { id, on, shareUrl });
      this.indicator = el("select", { name: "indicator" });
      this.second = el("select", { name: "second" });
      this.year = el("select", { name: "year" });
      this.slider = el("input", { type: "range", name: "step", min: 0, step: 1, class: "ka-slider" });
      this.step = el("output", { class: "ka-step" });
      this.stepName = el("span", { class: "ka-field-label" });
      this.people = el("input", { type: "checkbox", name: "people", checked: true });
      this.changes = el("input", { type: "checkbox", name: "changes" });
      this.names = el("datalist", { id: `${id}-names` });
      this.search = el("input", { type: "search", name: "district", list: `${id}-names`, autocomplete: "off", placeholder: "名前を入力" });
      this.check = el("input", { type: "checkbox", name: "places" });
      this.status = el("span", { class: "ka-status", role: "status" });
      this.shared = el("span", { class: "ka-shared", hidden: true });
      this.key = el("div", { class: "ka-key-slot", hidden: true });
      this.element = this.build();
      this.listen();
    }

    build() {
      const tick = (box, text) => el("label", { class: "ka-check", hidden: true }, [box, el("span", { text })]);
      const check = el("label", { class: "ka-check" }, [this.check, el("span", { text: "施設を表示" })]);
      this.secondField = field("重ねる指標", this.second, "ka-field-second");
      this.yearField = field("年", this.year, "ka-field-year");
      this.stepField = el("label", { class: "ka-field ka-field-step", hidden: true }, [el("span", { class: "ka-step-line" }, [this.stepName, this.step]), this.slider]);
      this.peopleTick = tick(this.people, "人の点を表示");
      this.changesTick = tick(this.changes, "変化を表示");
      this.openButton = button("ここに置いてみる", "ka-open", () => this.on.open());
      this.openButton.hidden = true;
      return el("div", { class: "ka-controls", role: "group", "aria-label": "地図の操作" }, [
        field("指標", this.indicator, "ka-field-indicator"),
        this.secondField, this.yearField, this.stepField,
        field("地区を探す", this.search, "ka-field-search"), this.names,
        check, this.peopleTick, this.changesTick, this.openButton,
        button("全体を表示", "ka-fit", () => this.on.fit()),
        this.status,
        button("この表示を共有", "ka-share", () => this.share()),
        this.key, this.shared,
      ]);
    }

    listen() {
      this.indicator.addEventListener("change", () => this.on.change({ indicator: this.indicator.value }));
      this.second.addEventListener("change", () => this.on.change({ second: this.second.value || null }));
      this.year.addEventListener("change", () => this.on.change({ year: Number(this.year.value) }));
      this.slider.addEventListener("input", () => this.on.slide(this.steps[Number(this.slider.value)].year, { told: false }));
      this.slider.addEventListener("change", () => this.on.slide(this.steps[Number(this.slider.value)].year, { told: true }));
      for (const box of [this.people, this.changes]) box.addEventListener("change", () => this.on.people());
      this.check.addEventListener("change", () => this.showKey());
      this.search.addEventListener("input", () => this.find(this.exact(this.search.value)));
      this.search.addEventListener("keydown", (event) => { if (event.key === "Enter") this.searchNow(); });
    }

    load(model) {
      this.model = model;
      this.names.replaceChildren(...model.districts.map((one) =>
        el("option", { value: one.name, label: [one.kana, K.format.area(one)].filter(Boolean).join(" · ") })));
      const { places, place_classes: classes, places_shown: shown, demand, act, axis } = model.payload;
      this.key.replaceChildren(K.places.key(places || [], classes));
      if (shown && !this.opened) this.check.checked = true;
      this.opened = true;
      this.key.hidden = !this.check.checked;
      this.peopleTick.hidden = !demand;
      this.changesTick.hidden = !K.demand.compared(demand);
      if (this.changesTick.hidden) this.changes.checked = false;
      this.openButton.hidden = !(act && act.open);
      this.yearField.hidden = Boolean(axis);
      this.secondField.hidden = !model.payload.bivariate;
      this.stepField.hidden = !axis;
      if (axis) setText(this.stepName, axis.label);
    }

    /* What the people on the map show: whether they stand there, and whether as reach or as change. */
    get peopleShown() {
      return { shown: this.people.checked, changes: this.changes.checked };
    }

    paintStep(scene) {
      const { model, indicator, view } = scene;
      if (!model.axis) return;
      this.steps = K.model.offered(model, indicator);
      this.slider.max = this.steps.length - 1;
      this.slider.value = this.steps.findIndex((one) => one.year === view.year);
      this.slider.disabled = indicator.years.length < 2;
      setText(this.step, K.model.stepText(scene));
      this.slider.setAttribute("aria-valuetext", this.step.textContent);
    }

    paint(scene) {
      const { model, view, indicator } = scene;
      this.paintStep(scene);
      setOptions(this.indicator, model.payload.indicators.map((one) => [one.id, one.label]), view.indicator);
      setOptions(this.year, indicator.years.map((one) => [String(one.year), one.label]), String(view.year));
      this.year.disabled = indicator.years.length < 2;
      this.paintSecond(scene);
    }

    paintSecond({ model, view, indicator }) {
      const offered = K.model.overlays(model, indicator);
      setOptions(this.second, [["", "なし"], ...offered.map((one) => [one.id, one.label])], view.second || "");
      this.second.disabled = !offered.length;
    }

    exact(text) {
      const typed = text.trim();
      return this.model.districts.find((one) => [one.name, one.kana, one.code, K.format.district(one)].includes(typed));
    }

    /* Half a name is enough when only one district begins with it. */
    begun(text) {
      const typed = text.trim();
      const found = this.model.districts.filter((one) => one.name.startsWith(typed) || (one.kana || "").startsWith(typed));
      return typed && found.length === 1 ? found[0] : undefined;
    }

    /* A name left over from an earlier search would contradict the map; a name being typed stays. */
    choose(district) {
      const typing = this.search.getRootNode().activeElement === this.search;
      if (!typing && (!district || this.search.value !== district.name)) this.search.value = "";
    }

    find(district) {
      setText(this.status, "");
      if (district) this.on.find(district.code);
    }

    searchNow() {
      const typed = this.search.value.trim();
      if (!typed) return;
      const district = this.exact(typed) || this.begun(typed);
      this.find(district);
      if (!district) setText(this.status, `「${typed}」に合う地区がありません`);
    }

    showKey() {
      this.key.hidden = !this.check.checked;
      this.on.places(this.check.checked);
    }

    share() {
      const url = this.shareUrl();
      const clipboard = globalThis.navigator.clipboard;
      this.shared.hidden = true;
      // Plain http in an office network and file:// have no clipboard: the address is then shown to copy by hand.
      if (!clipboard) return this.showUrl(url);
      return clipboard.writeText(url).then(() => setText(this.status, "URLをコピーしました"), () => this.showUrl(url));
    }

    showUrl(url) {
      const input = el("input", { type: "text", readonly: true, value: url, "aria-label": "この表示のURL", class: "ka-url" });
      this.shared.replaceChildren(input, button("閉じる", "ka-close", () => { this.shared.hidden = true; setText(this.status, ""); }));
      this.shared.hidden = false;
      setText(this.status, "次のURLをコピーしてください");
      input.focus();
      input.select();
    }
  }

  K.Controls = Controls;
})();
