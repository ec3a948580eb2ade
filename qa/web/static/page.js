/* What the scripts of the page share. Each file adds one room to `Footnote`, and page.py gives each
 * panel to one function of a room, once the panel stands in the page.
 *
 * What a panel shows comes from the server as escaped HTML; no script turns text into HTML.
 */
window.Footnote = (() => {
  "use strict";

  const narrow = window.matchMedia("(max-width: 899px)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  const make = (name, values = {}) => Object.assign(document.createElement(name), values);

  return { $, $$, make, narrow, still };
})();
