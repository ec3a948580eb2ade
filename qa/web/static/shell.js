/* The shell: the rail on the left, the chat or the documents in the middle, the evidence on the right.
 * On a narrow screen the rail is a drawer and the evidence a sheet, both over the middle.
 */
Footnote.shell = (() => {
  "use strict";

  const { $, $$, narrow, layers } = Footnote;
  const CLOSED = "footnote.rail-closed";
  const shell = () => $("#fn-shell");
  const pane = () => $("#fn-pane");
  const rail = () => $("#fn-rail");

  /* The evidence: cards or a document. */

  function view(name) {
    pane().dataset.view = name;
  }

  /* On a narrow screen, bring the evidence over the chat; `origin` is where focus goes back to. */
  function raise(origin) {
    if (!narrow.matches) return;
    layers.close("rail");
    pane().dataset.raised = "";
    pane().setAttribute("role", "dialog");
    pane().setAttribute("aria-modal", "true");
    coverMiddle(true);
    layers.open("sheet", () => lower(origin));
  }

  function lower(origin) {
    delete pane().dataset.raised;
    pane().setAttribute("role", "complementary");
    pane().removeAttribute("aria-modal");
    coverMiddle(false);
    if (origin?.isConnected) origin.focus();
  }

  function coverMiddle(covered) {
    $("#fn-middle").inert = covered;
  }

  function evidence(element) {
    pane().setAttribute("aria-label", "Sources");
    view("cards");
    lower();
    element.addEventListener("click", (event) => event.target.closest(".fn-close") && layers.close("sheet"));
    pane().addEventListener("click", (event) => event.target === pane() && layers.close("sheet"));
    narrow.addEventListener("change", () => ["sheet", "rail"].forEach(layers.close));
  }

  /* The rail: beside the chat, or a drawer over it. */

  function railShown() {
    return narrow.matches ? layers.has("rail") : !("railClosed" in shell().dataset);
  }

  function toggleRail() {
    const open = !railShown();
    if (narrow.matches) open ? openDrawer() : layers.close("rail");
    else keepRail(open);
    markToggles();
    if (open) $("button, a, input", rail())?.focus();
  }

  function keepRail(open) {
    if (open) delete shell().dataset.railClosed;
    else shell().dataset.railClosed = "";
    localStorage.setItem(CLOSED, open ? "" : "yes");
  }

  function openDrawer() {
    const origin = document.activeElement;
    shell().dataset.drawer = "";
    coverMiddle(true);
    layers.open("rail", () => {
      delete shell().dataset.drawer;
      coverMiddle(false);
      markToggles();
      if (origin?.isConnected) origin.focus();
    });
  }

  function markToggles() {
    for (const button of $$(".fn-rail-toggle")) button.setAttribute("aria-expanded", String(railShown()));
  }

  /* The middle: the chat, or the documents over it. */

  function show(name) {
    layers.close("rail");
    if (name === "chat") return layers.close("documents");
    shell().dataset.middle = name;
    layers.open("documents", () => {
      delete shell().dataset.middle;
      document.dispatchEvent(new CustomEvent("footnote:middle", { detail: "chat" }));
    });
    document.dispatchEvent(new CustomEvent("footnote:middle", { detail: name }));
  }

  function start(element) {
    const wide = window.matchMedia("(min-width: 1200px)").matches;
    if (localStorage.getItem(CLOSED) === "yes" || !(wide || localStorage.getItem(CLOSED) === ""))
      shell().dataset.railClosed = "";
    rail().setAttribute("role", "navigation");
    rail().setAttribute("aria-label", "Conversations and documents");
    rail().closest("main")?.setAttribute("role", "presentation"); // Gradio's, around everything
    $("#fn-middle").setAttribute("role", "main");
    markToggles();
    narrow.addEventListener("change", markToggles);
    document.addEventListener("click", (event) => {
      if (event.target.closest(".fn-rail-toggle")) toggleRail();
      else if (event.target.closest("[data-show]")) show(event.target.closest("[data-show]").dataset.show);
      else if (event.target === rail()) layers.close("rail"); // beside the drawer
    });
    element.dataset.ready = "";
  }

  return { start, evidence, view, raise, show, toggleRail };
})();
