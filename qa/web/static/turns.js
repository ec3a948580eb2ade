/* What can be done with a turn: ask again, edit, copy, rate, delete. */
Footnote.turns = (() => {
  "use strict";

  const { $, $$, make, toast } = Footnote;

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copyTheOldWay(text); // a page that is not served securely has no clipboard
    }
    toast.say("Copied.");
  }

  function copyTheOldWay(text) {
    const area = make("textarea", { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  async function copyWithSources(turn) {
    const text = await Footnote.chat.call("export_markdown", { name: "", turns: [turn] }).catch(() => null);
    if (typeof text === "string") copy(text);
    else toast.say("Footnote does not answer. See whether it still runs.");
  }

  function remove(turn) {
    const conversation = Footnote.chat.shown();
    const before = [...conversation.turns];
    Footnote.chat.change(conversation, before.filter((each) => each !== turn));
    toast.say("Question deleted.", () => Footnote.chat.change(conversation, before));
  }

  /* Editing: the question turns into a box; Enter asks it in its place, Escape leaves it as it was. */

  function edit(article, text, asIs) {
    const form = make("form", { className: "fn-edit" });
    const box = make("textarea", { value: text, rows: 2 });
    const keep = make("button", { type: "button", textContent: "Leave as it was", className: "fn-link" });
    box.setAttribute("aria-label", "Question to ask instead");
    form.append(box, make("button", { textContent: "Ask this", className: "fn-link" }), keep);
    $(".fn-question", article).hidden = true;
    $(".fn-question", article).after(form);
    box.focus();
    box.select();
    form.addEventListener("submit", (event) => resend(article, box, asIs, event));
    keep.addEventListener("click", (event) => leave(article, event));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") leave(article, event);
      else if (event.target === box && event.key === "Enter" && !event.shiftKey && !event.isComposing)
        resend(article, box, asIs, event);
    });
  }

  function leave(article, event) {
    event.preventDefault();
    $(".fn-edit", article).remove();
    $(".fn-question", article).hidden = false;
    $('[data-action="edit"]', article)?.focus();
  }

  function resend(article, box, asIs, event) {
    event.preventDefault();
    const text = box.value.trim();
    if (text && Footnote.chat.ask(text, Number(article.dataset.turn), asIs)) leave(article, event);
  }

  function editLast(event) {
    const article = $$("#fn-transcript .fn-turn").at(-1);
    const turn = article && Footnote.chat.turn(article.dataset.turn);
    if (!turn || Footnote.chat.busy()) return;
    event.preventDefault();
    edit(article, turn.question, turn.as_is);
  }

  /* Rating. */

  async function rate(article, turn, rating, reason = "") {
    const conversation = Footnote.chat.shown();
    const before = turn.rating;
    const id = `${conversation.id}/${turn.number}/${turn.asked}`; // what is said last of an answer counts
    turn.rating = rating;
    markRatings(article, turn);
    const file = await Footnote.chat.call("rate_answer", { answer: turn.answer, id, rating, reason }).catch(() => "");
    if (!file) {
      turn.rating = before;
      markRatings(article, turn);
      return toast.say("Your rating could not be kept. See whether Footnote still runs.");
    }
    Footnote.chat.save(conversation);
    toast.say(`Noted in ${file}`);
    return undefined;
  }

  function praise(article, turn) {
    $(".fn-reason", article)?.remove();
    rate(article, turn, "up");
  }

  /* Noted at once; a reason may follow. */
  function blame(article, turn) {
    if (turn.rating !== "down") rate(article, turn, "down");
    if ($(".fn-reason", article)) return;
    const form = make("form", { className: "fn-reason" });
    const input = make("input", { placeholder: "What is wrong with it? (optional)" });
    input.setAttribute("aria-label", "What is wrong with the answer? Optional.");
    input.maxLength = 2000;
    const send = make("button", { textContent: "Send", className: "fn-link" });
    form.append(input, send);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      form.remove();
      if (input.value.trim()) rate(article, turn, "down", input.value);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      form.remove();
    });
    $(".fn-foot", article).after(form);
    input.focus();
  }

  function markRatings(article, turn) {
    for (const button of $$("[aria-pressed]", article)) {
      button.setAttribute("aria-pressed", String(turn?.rating === button.dataset.action));
    }
  }

  function askAll(_article, turn) {
    if (Footnote.chat.busy()) return;
    Footnote.scope.choose([]);
    Footnote.chat.ask(turn.question, turn.number, turn.as_is);
  }

  const ACTIONS = {
    all: askAll,
    again: (_article, turn) => Footnote.chat.ask(turn.question, turn.number, turn.as_is),
    edit: (article, turn) => edit(article, turn.question, turn.as_is),
    "edit-asked": (article) => edit(article, $(".fn-asked-as span", article).textContent, true),
    copy: (_article, turn) => copy(turn.answer.text.replace(/ ?\[\d+\]/g, "")),
    "copy-sources": (_article, turn) => copyWithSources(turn),
    up: praise,
    down: blame,
    delete: (_article, turn) => remove(turn),
  };

  function start(element) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-action]");
      const article = button?.closest(".fn-turn");
      const turn = article && Footnote.chat.turn(article.dataset.turn);
      if (turn && !$(".fn-edit", article)) ACTIONS[button.dataset.action](article, turn);
    });
  }

  return { start, editLast, markRatings };
})();
