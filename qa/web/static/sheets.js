/* The pages of a PDF: room for all of them, and what stands on those that are near. */
Footnote.sheets = (() => {
  "use strict";

  const { $, $$ } = Footnote;
  const NEAR = "1200px";

  let fetchPage = null;
  let observer = null;
  let filling = new Map(); // page → promise of its content

  const pages = () => $$("#fn-viewer .fn-page");

  /* Watch the pages of a document; resolves to the page of the quote when it is there, else to undefined. */
  async function start(target, fetch) {
    observer?.disconnect();
    fetchPage = fetch;
    filling = new Map();
    const list = $(".fn-pages", target);
    if (!list) return undefined;
    observer = new IntersectionObserver(look, { root: $("#fn-viewer"), rootMargin: NEAR });
    const first = list.children[Number(list.dataset.first) - 1];
    first?.scrollIntoView({ block: "start" });
    for (const page of list.children) observer.observe(page);
    if (first) await fill(first);
    return first;
  }

  function look(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) fill(target);
      else if (filling.delete(target)) target.replaceChildren();
    }
  }

  function fill(page) {
    if (!filling.has(page)) filling.set(page, load(page, filling));
    return filling.get(page);
  }

  async function load(page, wanted) {
    const html = await fetchPage(page.dataset.number).catch(() => null);
    if (!wanted.has(page) || typeof html !== "string") return;
    page.innerHTML = html;
    draw(page);
  }

  /* Ask for the image as wide as the screen shows it, never for a smaller one than is there. */
  function draw(page) {
    const image = $(".fn-sheet", page);
    const width = Math.ceil(page.clientWidth * Math.min(window.devicePixelRatio, 2));
    if (!image || width <= Number(image.dataset.width ?? 0)) return;
    image.dataset.width = width;
    image.src = `${image.dataset.address}&width=${width}`;
  }

  function resize() {
    for (const page of pages()) draw(page);
  }

  /* The page that fills the middle of the view. */
  function current() {
    const all = pages();
    const view = $("#fn-viewer").getBoundingClientRect();
    const middle = view.top + view.height / 2;
    const at = all.findIndex((page) => page.getBoundingClientRect().bottom > middle);
    return { number: (at < 0 ? all.length : at + 1) || 1, count: all.length };
  }

  /* Show the page so many further on; whether there is one. */
  function turn(by) {
    const page = pages()[current().number - 1 + by];
    page?.scrollIntoView({ block: "start" });
    return page !== undefined;
  }

  return { start, resize, current, turn };
})();
