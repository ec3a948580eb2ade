/* The document, opened at the quote. */
Footnote.viewer = (() => {
  "use strict";

  const { $, layers, shell, sources } = Footnote;

  let fetchDocument = null; // asks the server for an opened document
  let visit = 0; // counts openings, so that a slow one cannot overtake a later one
  let origin = null; // the link that was followed

  /* Open the document at the place that a link with data-source, data-start, … names. */
  async function open(link, whole = false) {
    const ticket = ++visit;
    const target = $("#fn-viewer .fn-opened");
    origin = link;
    sources.markCurrent(link.hash);
    target.setAttribute("aria-busy", "true");
    $("#fn-viewer .fn-here").textContent = link.dataset.source;
    shell.raise(link);
    shell.view("document");
    layers.open("document", leave);
    const html = await fetchDocument({ ...link.dataset, whole }).catch(() => null);
    if (ticket !== visit) return;
    if (typeof html === "string") target.innerHTML = html;
    else target.replaceChildren(unreachable());
    target.removeAttribute("aria-busy");
    showQuote(target);
  }

  function close() {
    layers.close("document");
  }

  function leave() {
    visit += 1;
    shell.view("cards");
    sources.markCurrent(null);
    if ($("#fn-pane").contains(document.activeElement)) sources.focusCard(origin?.hash);
  }

  function showQuote(target) {
    const quote = $(".fn-quote", target);
    target.parentElement.scrollTop = 0;
    if (!quote) return target.focus({ preventScroll: true });
    quote.tabIndex = -1;
    quote.focus({ preventScroll: true });
    quote.scrollIntoView({ block: "center" });
  }

  function unreachable() {
    const notice = document.createElement("p");
    notice.className = "fn-notice";
    notice.setAttribute("role", "alert");
    notice.textContent = "Footnote does not answer. See whether it still runs, then open this again.";
    return notice;
  }

  function panel(element, server) {
    fetchDocument = server.open_document;
    element.addEventListener("click", (event) => {
      if (event.target.closest(".fn-back")) close();
      if (event.target.closest(".fn-whole")) open(origin, true);
    });
  }

  return { panel, open, close };
})();
