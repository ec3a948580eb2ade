/* The evidence as cards: one section per turn, one of them shown. */
Footnote.sources = (() => {
  "use strict";

  const { $, $$, shell } = Footnote;
  let activeTurn = null; // the turn whose sources are shown

  function show(turn) {
    const sections = $$("#fn-cards .fn-sources[data-turn]");
    const there = sections.some((section) => section.dataset.turn === String(turn));
    activeTurn = there ? String(turn) : (sections.at(-1)?.dataset.turn ?? null);
    for (const section of sections) section.hidden = section.dataset.turn !== activeTurn;
    $("#fn-cards .fn-no-sources").hidden = activeTurn !== null;
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

  /* Put in the cards of a turn, or put newer ones in their place; `null` takes them away. */
  function place(turn, html) {
    const old = $(`#fn-cards .fn-sources[data-turn="${turn}"]`);
    const made = document.createElement("template");
    made.innerHTML = html ?? "";
    if (old) old.replaceWith(made.content);
    else $("#fn-cards .fn-all-sources").append(made.content);
    show(html ? turn : activeTurn);
  }

  function clear() {
    $("#fn-cards .fn-all-sources").replaceChildren();
    show(null);
  }

  function panel(element) {
    element.addEventListener("click", (event) => {
      const card = event.target.closest(".fn-card");
      if (!card || (!event.target.closest("a") && String(getSelection()))) return; // selecting, not opening
      event.preventDefault();
      Footnote.viewer.open($("a", card));
    });
  }

  return { panel, place, clear, show, reveal, markCurrent, focusCard };
})();
