/* Questions to start from: asked with a click; the server may still be looking for them. */
Footnote.starters = (() => {
  "use strict";

  const { $, desk } = Footnote;
  const EVERY = 1500; // milliseconds

  let following = false;

  const coming = () => $("#fn-start [data-coming]");

  /* Ask for the questions until they are there, as long as their places are on the page. */
  async function follow() {
    if (following) return;
    following = true;
    while (coming()) {
      await new Promise((resolve) => setTimeout(resolve, EVERY));
      const answer = await desk.ask("starters").catch(() => ({ starters: "" }));
      if (answer.starters !== null && coming()) coming().outerHTML = answer.starters;
    }
    following = false;
  }

  function start(element) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest(".fn-ask");
      if (button) Footnote.chat.ask(button.dataset.question);
    });
    follow();
  }

  return { start, follow };
})();
