/* The documents and folders that questions are restricted to: chips above the box, each with a way out. */
Footnote.scope = (() => {
  "use strict";

  const { $, make } = Footnote;
  let sources = [];

  /* The sources to ask; null for all documents. */
  const chosen = () => (sources.length ? [...sources] : null);

  function choose(list) {
    sources = [...new Set(list)];
    draw();
  }

  /* Forget those that are not there any more. */
  function keep(there) {
    choose(sources.filter((source) => source.endsWith("/") || there(source)));
  }

  function draw() {
    const list = $("#fn-scope .fn-chips");
    if (!list) return;
    list.hidden = !sources.length;
    const label = make("li", { className: "fn-chips-label", textContent: "Asking only" });
    list.replaceChildren(...(sources.length ? [label, ...sources.map(chip)] : []));
    if (sources.length > 1) list.append(clear());
  }

  function chip(source) {
    const item = make("li", { className: "fn-chip", title: source });
    const name = make("bdi", { textContent: source.endsWith("/") ? source : source.split("/").at(-1) });
    item.append(name, button("×", `Ask more than ${source}`, () => choose(sources.filter((each) => each !== source))));
    return item;
  }

  function clear() {
    const item = make("li");
    item.append(button("Ask all documents", "", () => choose([])));
    return item;
  }

  function button(text, described, act) {
    const made = make("button", { type: "button", textContent: text });
    if (described) made.setAttribute("aria-label", described);
    made.addEventListener("click", () => {
      act();
      $("#fn-box textarea")?.focus();
    });
    return made;
  }

  return { chosen, choose, keep, start: draw };
})();
