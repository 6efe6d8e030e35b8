/* DOM helpers. Every string from the payload reaches the page through textContent or setAttribute here:
   names and notes are user-supplied, so nothing in this folder may build HTML from them. */
(function () {
  "use strict";
  const K = (globalThis.KyodoAtlas = globalThis.KyodoAtlas || {});
  const SVG = "http://www.w3.org/2000/svg";
  let mounted = 0;

  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "text") node.textContent = value;
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...[].concat(children || []).filter((child) => child !== null && child !== undefined));
    return node;
  }

  /* el("p", {class: "x", text: "…"}, [children]): an HTML element; null attributes and children are skipped. */
  function el(name, attributes, children) {
    return fill(document.createElement(name), attributes, children);
  }

  function svg(name, attributes, children) {
    return fill(document.createElementNS(SVG, name), attributes, children);
  }

  /* Two atlases on one page must not share pattern, list or label ids. */
  function uid() {
    mounted += 1;
    return `ka${mounted}-${Math.random().toString(36).slice(2, 7)}`;
  }

  function setText(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  function setAttribute(node, name, value) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }

  function reducedMotion() {
    return globalThis.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  K.dom = { el, svg, uid, setText, setAttribute, reducedMotion };
})();
