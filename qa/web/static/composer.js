/* Where a question is typed: it grows with its text, and sends no empty question. */
Footnote.composer = (() => {
  "use strict";

  const { $ } = Footnote;
  const box = () => $("#fn-box textarea");

  function fit() {
    box().style.height = "auto";
    box().style.height = `${box().scrollHeight}px`;
  }

  function fill(text) {
    box().value = text;
    fit();
    box().focus();
  }

  function send(event) {
    event.preventDefault();
    const question = box().value.trim();
    if (!question) {
      box().setCustomValidity("Type a question first.");
      box().reportValidity();
    } else if (Footnote.chat.ask(question)) fill("");
  }

  function onKey(event) {
    if (event.isComposing) return; // Enter ends a word of an input method, not the question
    if (event.key === "Enter" && !event.shiftKey) send(event);
    else if (event.key === "ArrowUp" && !box().value) Footnote.turns.editLast(event);
  }

  function start(element) {
    $("form", element).noValidate = true;
    $("form", element).addEventListener("submit", send);
    box().addEventListener("keydown", onKey);
    box().addEventListener("input", () => {
      box().setCustomValidity("");
      fit();
    });
    $("#fn-stop", element).addEventListener("click", () => {
      Footnote.chat.halt();
      box().focus();
    });
  }

  return { start, fill };
})();
