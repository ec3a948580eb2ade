/* The document, opened at the quote: its text or its pages, and the tools above it. */
Footnote.viewer = (() => {
  "use strict";

  const { $, $$, make, narrow, layers, shell, sources, sheets } = Footnote;
  const ZOOMS = [0.75, 1, 1.25, 1.5, 2, 3];

  let server = null; // asks for an opened document, a page, or words in it
  let visit = 0; // counts openings and turned pages, so that a slow opening cannot overtake what came later
  let origin = null; // the link that was followed
  let place = null; // what is open, as the server was asked for it
  const chosen = {}; // the zoom of pages and of text that the reader wants, once they have said so

  const viewer = () => $("#fn-viewer");
  const opened = () => $("#fn-viewer .fn-opened");
  const article = () => $("#fn-viewer .fn-document");

  /* Open the document at the place that a link with data-source, data-start, … names. */
  function open(link) {
    if (link.dataset.source !== place?.source) find.clear();
    origin = link;
    sources.markCurrent(link.hash);
    shell.raise(link);
    shell.view("document");
    layers.open("document", leave);
    return show({ ...link.dataset });
  }

  /* Show another place, or the same in another way. */
  async function show(asked, keepFocus = false) {
    const ticket = ++visit;
    const target = opened();
    target.setAttribute("aria-busy", "true");
    $("#fn-viewer .fn-here").textContent = asked.source;
    const html = await server.open_document(asked).catch(() => null);
    if (ticket !== visit) return;
    place = asked;
    if (typeof html === "string") target.innerHTML = html;
    else target.replaceChildren(unreachable());
    target.removeAttribute("aria-busy");
    markTools();
    find.search(); // for what was typed meanwhile
    const page = await sheets.start(target, (number) => server.show_page({ ...asked, number }));
    if (ticket === visit) showQuote(target, page, keepFocus);
  }

  function showQuote(target, page, keepFocus) {
    const quote = $(".fn-quote", target);
    if (!quote) {
      viewer().scrollTop = 0;
      if (!keepFocus) target.focus({ preventScroll: true });
      return;
    }
    quote.setAttribute("tabindex", "-1");
    if (!keepFocus) quote.focus({ preventScroll: true });
    (quote.firstElementChild ?? quote).scrollIntoView({ block: "center" });
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

  function unreachable() {
    const said = "Footnote does not answer. See whether it still runs, then open this again.";
    return make("p", { className: "fn-notice", role: "alert", textContent: said });
  }

  /* The tools: each shown where it is of use. */

  const siblings = () => $$("#fn-cards .fn-sources:not([hidden]) a.fn-card-head");
  const tool = (name) => $(`#fn-viewer [data-tool="${name}"]`);

  function markTools() {
    const links = siblings();
    const at = links.findIndex((link) => link.hash && link.hash === origin?.hash);
    const paged = article()?.dataset.view === "pages";
    tool("citation").hidden = at < 0 || links.length < 2;
    $("output", tool("citation")).textContent = `${at + 1} of ${links.length}`;
    tool("page").hidden = !paged;
    tool("view").hidden = article()?.dataset.media !== "application/pdf" || !(paged || place.view === "text");
    tool("view").textContent = paged ? "Show text" : "Show pages";
    tool("original").hidden = !article()?.dataset.original;
    tool("original").setAttribute("href", article()?.dataset.original ?? "");
    markPage();
    applyZoom();
  }

  function markPage() {
    if (tool("page").hidden) return;
    const { number, count } = sheets.current();
    $("output", tool("page")).textContent = `${number} of ${count}`;
  }

  /* The reader goes on: a quote whose page still loads takes them back no more. */
  function turn(by) {
    if (sheets.turn(by) && !opened().hasAttribute("aria-busy")) visit += 1;
  }

  function step(links, by) {
    const at = links.findIndex((link) => link.hash === origin?.hash);
    open(links[(at + by + links.length) % links.length]);
  }

  /* A page as wide as a phone is too small to read. */
  const zoomed = () => chosen[article()?.dataset.view] ?? (narrow.matches && article()?.dataset.view === "pages" ? 1.5 : 1);

  function applyZoom() {
    const zoom = zoomed();
    opened().style.setProperty("--fn-zoom", zoom);
    $("output", tool("zoom")).textContent = `${Math.round(zoom * 100)}%`;
    const wide = article() && article().scrollWidth > article().clientWidth;
    article()?.setAttribute("tabindex", wide ? "0" : "-1"); // so that keys move what is wider than the pane
    sheets.resize();
  }

  /* What is in the middle stays there. */
  function changeZoom(by) {
    const box = viewer();
    const middle = (box.scrollTop + box.clientHeight / 2) / box.scrollHeight;
    chosen[article()?.dataset.view] = ZOOMS[Math.min(Math.max(ZOOMS.indexOf(zoomed()) + by, 0), ZOOMS.length - 1)];
    applyZoom();
    box.scrollTop = middle * box.scrollHeight - box.clientHeight / 2;
  }

  /* Words looked for in the document. */

  const find = (() => {
    let places = [];
    let at = -1;
    let sha256 = "";
    let asked = "";

    function clear() {
      $("input", tool("find")).value = "";
      [places, at, asked] = [[], -1, ""];
      tell("");
    }

    function tell(text) {
      $("output", tool("find")).textContent = text;
      for (const button of $$("button", tool("find"))) button.hidden = places.length < 2;
    }

    async function search() {
      const words = $("input", tool("find")).value.trim();
      if (words === asked || opened().hasAttribute("aria-busy")) return;
      asked = words;
      if (!words) return clear();
      const found = await server.find_words({ source: place.source, words }).catch(() => null);
      if (words !== asked) return;
      [places, at, sha256] = [found?.places ?? [], -1, found?.sha256 ?? ""];
      if (places.length) go(1);
      else tell(found?.error ?? (found ? "not found" : "no answer"));
    }

    function go(by) {
      if (!places.length) return;
      at = (at + by + places.length) % places.length;
      tell(`${at + 1} of ${places.length}`);
      const [start, end] = places[at];
      show({ source: place.source, start, end, sha256, kind: "found", view: place.view }, true);
    }

    return { clear, search, go };
  })();

  const ACTIONS = {
    back: close,
    "citation-before": () => step(siblings(), -1),
    "citation-after": () => step(siblings(), 1),
    "page-before": () => turn(-1),
    "page-after": () => turn(1),
    smaller: () => changeZoom(-1),
    larger: () => changeZoom(1),
    "found-before": () => find.go(-1),
    "found-after": () => find.go(1),
    view: () => show({ ...place, view: article().dataset.view === "pages" ? "text" : "pages" }),
  };

  function panel(element, functions) {
    let pause = null;
    server = functions;
    element.addEventListener("click", (event) => {
      ACTIONS[event.target.closest("[data-act]")?.dataset.act]?.();
      if (event.target.closest(".fn-whole")) show({ ...place, whole: true });
    });
    viewer().addEventListener("scroll", () => requestAnimationFrame(markPage), { passive: true });
    tool("find").addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(find.search, 250);
    });
    tool("find").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if ($("output", tool("find")).textContent.includes(" of ")) find.go(event.shiftKey ? -1 : 1);
      else find.search();
    });
  }

  return { panel, open, close };
})();
