/* The evidence as cards: one section per turn, one of them shown. */
Footnote.sources = (() => {
  "use strict";

  const { $, $$, shell } = Footnote;
  let activeTurn = null; // the turn whose sources are shown

  function show(turn) {
    activeTurn = turn;
    for (const section of $$("#fn-cards .fn-sources")) {
      section.hidden = section.dataset.turn !== undefined && section.dataset.turn !== String(turn);
    }
  }

  /* Bring the cards of a turn before the reader's eyes. */
  function reveal(turn, origin) {
    show(turn);
    Footnote.viewer.close();
    shell.raise(origin);
  }

  /* Marks everything on the page that stands for the opened place; null for none. */
  function markCurrent(hash) {
    for (const link of $$("#fn-shell a[aria-current]")) link.removeAttribute("aria-current");
    if (!hash) return;
    for (const link of $$("#fn-shell a[data-source]")) {
      if (link.hash === hash) link.setAttribute("aria-current", "true");
    }
  }

  function focusCard(hash) {
    const cards = $$("#fn-cards .fn-sources:not([hidden]) a");
    (cards.find((card) => card.hash === hash) ?? cards[0])?.focus();
  }

  function panel(element, watch) {
    watch("value", () => show($$(".fn-sources", element).at(-1)?.dataset.turn ?? activeTurn));
    element.addEventListener("click", (event) => {
      const card = event.target.closest(".fn-card");
      if (!card || (!event.target.closest("a") && String(getSelection()))) return; // selecting, not opening
      event.preventDefault();
      Footnote.viewer.open($("a", card));
    });
  }

  return { panel, show, reveal, markCurrent, focusCard };
})();
