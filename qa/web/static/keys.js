/* The keyboard, and the dialogs. */
Footnote.keys = (() => {
  "use strict";

  const { $, $$, layers, shell } = Footnote;

  function openDialog(name) {
    const dialog = $(`#fn-${name}-dialog`);
    const origin = document.activeElement;
    if (dialog.open) return;
    layers.close("rail");
    dialog.showModal();
    layers.open(name, () => {
      dialog.close();
      if (origin?.isConnected) origin.focus();
    });
  }

  function click(event) {
    const opener = event.target.closest("[data-open]");
    const dialog = event.target.closest("dialog");
    if (opener) openDialog(opener.dataset.open);
    else if (dialog && (event.target === dialog || event.target.closest("[data-close]")))
      layers.close(dialog.id.replace(/^fn-|-dialog$/g, ""));
  }

  /* The next or the previous marker of the answer that is being read. */
  function step(by) {
    const opened = $(".fn-turn a.fn-cite[aria-current]");
    const chips = $$("a.fn-cite", opened?.closest(".fn-turn") ?? $$(".fn-turn").at(-1) ?? $("#fn-transcript"));
    const next = chips[opened ? chips.indexOf(opened) + by : by > 0 ? 0 : chips.length - 1];
    next?.click();
  }

  function findConversation() {
    if ($("#fn-rail input").checkVisibility()) return $("#fn-rail input").focus();
    shell.toggleRail();
    return $("#fn-rail input").focus();
  }

  const KEYS = {
    "/": () => $("#fn-box textarea").focus(),
    "?": () => openDialog("shortcuts"),
    ",": () => openDialog("settings"),
    n: () => Footnote.chat.open(),
    c: () => shell.toggleRail(),
    f: findConversation,
    d: () => shell.show("documents"),
    j: () => step(1),
    k: () => step(-1),
  };

  function press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return Footnote.chat.halt();
    if (event.target.closest?.("input, textarea, select, [contenteditable], dialog[open]")) return;
    const act = KEYS[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  function start() {
    document.addEventListener("click", click);
    document.addEventListener("keydown", press);
    document.addEventListener("cancel", (event) => event.preventDefault(), true); // layers closes dialogs
  }

  return { start, openDialog };
})();
