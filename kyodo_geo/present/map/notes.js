/* The footer: sources of what is shown, the note on the lines, and 「この図について」. Built, never typed. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const { el } = K.dom;

  const cite = (source) => `${source.title}（${[source.publisher, source.reference].filter(Boolean).join("、")}）`;

  /* Only web addresses become links: a source file could hold any scheme. */
  function address(url) {
    if (!url) return null;
    if (!/^https?:\/\//i.test(url)) return el("span", { text: url });
    return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", text: url });
  }

  function fullSource(source) {
    const parts = [cite(source), source.published ? `公表 ${source.published}` : null, source.licence ? `利用条件: ${source.licence}` : null];
    return el("li", {}, [el("span", { text: parts.filter(Boolean).join("　") }), source.url ? " " : null, address(source.url)]);
  }

  function about(model, { indicator, year }) {
    const rows = [["定義", indicator.definition], ["注意", indicator.caution], [model.axis ? "基準日" : "年・基準日", [year.label, year.reference].filter(Boolean).join("、")],
      ["根拠", year.basis], ["地区の線", model.payload.lines_note]];
    return el("dl", { class: "ka-about" }, rows.filter(([, text]) => text).flatMap(([label, text]) => [el("dt", { text: label }), el("dd", { text })]));
  }

  class Notes {
    constructor() {
      this.line = el("p", { class: "ka-sources" });
      this.lines = el("p", { class: "ka-muted" });
      this.body = el("div", {});
      const details = el("details", { class: "ka-details" }, [el("summary", { text: "この図について" }), this.body]);
      this.element = el("footer", { class: "ka-notes" }, [this.line, this.lines, details]);
    }

    paint(scene) {
      const { model, parts } = scene;
      const sources = [...new Set(parts.flatMap(({ year }) => K.model.sourcesOf(model, year)))];
      this.line.textContent = `出典: ${sources.map(cite).join("、") || "不明"}`;
      this.lines.textContent = model.payload.lines_note || "";
      const titled = (part) => [parts.length > 1 ? el("p", { class: "ka-about-title", text: part.indicator.label }) : null, about(model, part)];
      this.body.replaceChildren(...parts.flatMap(titled).filter(Boolean), el("ul", {}, sources.map(fullSource)));
    }
  }

  K.Notes = Notes;
})();
