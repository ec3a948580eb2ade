/* The page in the browser: following markers to their quotes, and keeping the reader's place.
 *
 * page.py gives each panel to one function here, once the panel stands in the page. What a panel
 * shows comes from the server as escaped HTML; nothing here turns text into HTML.
 */
window.Footnote = (() => {
  "use strict";

  const narrow = window.matchMedia("(max-width: 899px)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const pane = () => $("#fn-pane");

  let fetchDocument = null; // asks the server for an opened document
  let visit = 0; // counts openings, so that a slow one cannot overtake a later one
  let origin = null; // the link that was followed, where focus goes back to
  let activeTurn = null; // the turn whose sources are shown

  /* The pane: cards or a document; on a narrow screen a sheet over the chat. */

  function view(name) {
    pane().dataset.view = name;
    if (name === "cards") markCurrent(null);
  }

  function raise() {
    if (!narrow.matches) return;
    pane().dataset.raised = "";
    pane().setAttribute("role", "dialog");
    pane().setAttribute("aria-modal", "true");
    $("#fn-chat").inert = true;
  }

  function lower() {
    delete pane().dataset.raised;
    pane().setAttribute("role", "complementary");
    pane().removeAttribute("aria-modal");
    $("#fn-chat").inert = false;
  }

  function close() {
    lower();
    view("cards");
    if (origin?.isConnected) origin.focus();
  }

  function back() {
    view("cards");
    const cards = $$("#fn-cards .fn-sources:not([hidden]) a");
    (cards.find((card) => card.hash === origin?.hash) ?? cards[0])?.focus();
  }

  function onEscape(event) {
    if (event.key !== "Escape") return;
    const raised = "raised" in pane().dataset;
    if (raised) close();
    else if (pane().dataset.view === "document") back();
  }

  function panel(element) {
    pane().setAttribute("aria-label", "Sources");
    view("cards");
    lower();
    element.addEventListener("click", (event) => event.target.closest(".fn-close") && close());
    pane().addEventListener("click", (event) => event.target === pane() && close()); // beside the sheet
    document.addEventListener("keydown", onEscape);
    narrow.addEventListener("change", lower);
  }

  /* The document, opened at the quote. */

  async function open(link, whole = false) {
    const ticket = ++visit;
    const target = $("#fn-viewer .fn-opened");
    origin = link;
    markCurrent(link.hash);
    target.setAttribute("aria-busy", "true");
    $("#fn-viewer .fn-here").textContent = link.dataset.source;
    view("document");
    raise();
    const html = await fetchDocument({ ...link.dataset, whole }).catch(() => null);
    if (ticket !== visit) return;
    if (typeof html === "string") target.innerHTML = html;
    else target.replaceChildren(unreachable());
    target.removeAttribute("aria-busy");
    showQuote(target);
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

  function viewer(element, server) {
    fetchDocument = server.open_document;
    element.addEventListener("click", (event) => {
      if (event.target.closest(".fn-back")) back();
      if (event.target.closest(".fn-whole")) open(origin, true);
    });
  }

  /* The sources: one section per turn, one of them shown. */

  function show(turn) {
    activeTurn = turn;
    for (const section of $$("#fn-cards .fn-sources")) {
      section.hidden = section.dataset.turn !== undefined && section.dataset.turn !== String(turn);
    }
  }

  function markCurrent(hash) {
    for (const link of $$("#fn-shell a[aria-current]")) link.removeAttribute("aria-current");
    if (!hash) return;
    for (const link of $$("#fn-shell a[data-source]")) {
      if (link.hash === hash) link.setAttribute("aria-current", "true");
    }
  }

  function sources(element, watch) {
    watch("value", () => show($$(".fn-sources", element).at(-1)?.dataset.turn ?? activeTurn));
    element.addEventListener("click", (event) => {
      const card = event.target.closest(".fn-card");
      if (!card || (!event.target.closest("a") && String(getSelection()))) return; // selecting, not opening
      event.preventDefault();
      open($("a", card));
    });
  }

  /* The conversation. */

  function starters(element, trigger, ask) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest(".fn-ask");
      if (button && !$('.fn-turn[data-state="running"]')) trigger(ask, { question: button.dataset.question });
    });
  }

  function follow(event) {
    const link = event.target.closest("a.fn-cite");
    const evidence = event.target.closest(".fn-evidence");
    if (link) {
      event.preventDefault();
      show(link.closest(".fn-turn").dataset.turn);
      open(link);
    } else if (evidence) {
      origin = evidence;
      show(evidence.dataset.turn);
      view("cards");
      raise();
    }
  }

  function pointAt(event) {
    const link = event.target.closest?.("a.fn-cite");
    for (const card of $$("#fn-cards [data-hot]")) delete card.dataset.hot;
    const card = link?.hash && document.getElementById(link.hash.slice(1));
    if (card) card.dataset.hot = "";
  }

  function transcript(element, trigger, watch, ask) {
    let turns = 0;
    element.setAttribute("role", "log");
    starters(element, trigger, ask);
    element.addEventListener("click", follow);
    for (const kind of ["keypress", "click", "input"]) document.addEventListener(kind, refuseEmpty, true);
    for (const kind of ["pointerover", "pointerout", "focusin", "focusout"]) {
      element.addEventListener(kind, pointAt);
    }
    watch("value", () => {
      const articles = $$(".fn-turn", element);
      if (articles.length > turns) begin(articles.at(-1));
      turns = articles.length;
    });
  }

  /* An empty question is not sent: the browser says what is missing. */
  function refuseEmpty(event) {
    const box = $("#fn-box textarea");
    if (event.target === box) box.setCustomValidity("");
    const enter = event.target === box && event.key === "Enter" && !event.shiftKey;
    const click = event.type === "click" && event.target.closest("#fn-ask");
    if (!(enter || click) || box.value.trim()) return;
    event.preventDefault();
    event.stopPropagation();
    box.setCustomValidity("Type a question first.");
    box.reportValidity();
  }

  function begin(article) {
    if (pane().dataset.view === "document") view("cards");
    $(".fn-question", article).scrollIntoView({ block: "start", behavior: still.matches ? "auto" : "smooth" });
  }

  return { pane: panel, viewer, sources, starters, transcript };
})();
