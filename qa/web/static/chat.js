/* The conversation: asking, and following markers to their quotes. */
Footnote.chat = (() => {
  "use strict";

  const { $, $$, still, sources, viewer } = Footnote;

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
      sources.show(link.closest(".fn-turn").dataset.turn);
      viewer.open(link);
    } else if (evidence) sources.reveal(evidence.dataset.turn, evidence);
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
    viewer.close();
    $(".fn-question", article).scrollIntoView({ block: "start", behavior: still.matches ? "auto" : "smooth" });
  }

  return { starters, transcript };
})();
