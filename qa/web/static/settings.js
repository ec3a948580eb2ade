/* The reader's settings: kept in this browser, sent with each question. */
Footnote.settings = (() => {
  "use strict";

  const { $, $$ } = Footnote;
  const KEPT = "footnote.settings";

  function kept() {
    try {
      return JSON.parse(localStorage.getItem(KEPT)) ?? {};
    } catch {
      return {};
    }
  }

  /* What goes with a question; what is not chosen is left to the server. */
  function values() {
    const { k, threshold, llm, strict } = kept();
    return {
      k: k ? Number(k) : null,
      threshold: threshold ? Number(threshold) : null,
      llm: llm || null,
      strict: strict === "yes" ? true : null,
    };
  }

  function paint() {
    const { theme } = kept();
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  }

  function start(element, server) {
    const chosen = kept();
    const expect = (model) => model && server.choose_model(model).catch(() => null); // so that it loads meanwhile
    expect(chosen.llm);
    for (const input of $$("input", element)) {
      if (input.value === chosen[input.name]) input.checked = true;
    }
    element.addEventListener("change", (event) => {
      const form = new FormData($("form", element));
      localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(form)));
      paint();
      if (event.target.name === "llm") expect(event.target.value);
    });
  }

  paint(); // before the page stands, so that it does not flash
  return { start, values };
})();
