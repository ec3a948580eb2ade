/* What a marker stands for, shown while it is pointed at or focused; and what a mark of doubt means. */
Footnote.preview = (() => {
  "use strict";

  const { $, $$, make } = Footnote;
  const VERDICTS = {
    supported: "The quote supports this sentence.",
    weak: "The quote supports this sentence only in part.",
    unsupported: "The quote does not support this sentence.",
  };
  let shown = null;
  let timer = 0;

  function box() {
    const found = $("#fn-preview");
    if (found) return found;
    const made = make("div", { id: "fn-preview" });
    made.setAttribute("role", "tooltip");
    made.hidden = true;
    $("#fn-shell").append(made);
    return made;
  }

  function contents(mark) {
    if (mark.dataset.explain) return [note(mark.dataset.explain)];
    const verdict = mark.closest(".fn-sentence")?.dataset.verdict;
    const head = make("p", { textContent: mark.getAttribute("aria-label").replace(/^Source \d+: /, "") });
    const made = [head, quote(mark.dataset.quote, mark.dataset.words)];
    if (verdict) made.push(note(VERDICTS[verdict]));
    return made;
  }

  const note = (text) => make("p", { textContent: text, className: "fn-preview-note" });

  function quote(text, words) {
    const made = make("blockquote", { textContent: text });
    const at = words ? text.indexOf(words) : -1;
    if (at >= 0) made.replaceChildren(text.slice(0, at), make("b", { textContent: words }), text.slice(at + words.length));
    return made;
  }

  function show(mark) {
    shown = mark;
    box().replaceChildren(...contents(mark));
    box().hidden = false;
    mark.setAttribute("aria-describedby", "fn-preview");
    stand(mark.getBoundingClientRect(), box().getBoundingClientRect());
  }

  /* Below the mark, or above where there is more room. */
  function stand(mark, size) {
    const left = Math.max(12, Math.min(mark.left - 24, innerWidth - size.width - 12));
    const below = mark.bottom + 8 + size.height <= innerHeight - 12;
    box().style.left = `${left}px`;
    box().style.top = `${below ? mark.bottom + 8 : Math.max(12, mark.top - 8 - size.height)}px`;
  }

  function hide() {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    box().hidden = true;
  }

  function point(event) {
    const mark = event.target.closest?.("a.fn-cite, .fn-doubt");
    for (const card of $$("#fn-cards [data-hot]")) delete card.dataset.hot;
    hide();
    if (!mark || event.pointerType === "touch") return;
    const card = mark.hash && document.getElementById(mark.hash.slice(1));
    if (card) card.dataset.hot = "";
    timer = setTimeout(() => mark.isConnected && show(mark), event.type === "pointerover" ? 150 : 0);
  }

  function start(transcript) {
    for (const kind of ["pointerover", "focusin"]) transcript.addEventListener(kind, point);
    for (const kind of ["pointerleave", "focusout"]) transcript.addEventListener(kind, hide);
    transcript.addEventListener("click", (event) => {
      const doubt = event.target.closest(".fn-doubt");
      if (doubt) show(doubt);
      else hide();
    });
    $("#fn-scroll").addEventListener("scroll", hide, { passive: true });
  }

  return { start, hide };
})();
