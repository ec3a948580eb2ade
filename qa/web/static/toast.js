/* One line about what was just done, with a way to undo it. */
Footnote.toast = (() => {
  "use strict";

  const LONG = 8000;
  let timer = 0;

  function region() {
    let found = Footnote.$("#fn-toast");
    if (found) return found;
    found = Footnote.make("div", { id: "fn-toast" });
    found.setAttribute("role", "status");
    for (const kind of ["pointerenter", "focusin"]) found.addEventListener(kind, () => clearTimeout(timer));
    for (const kind of ["pointerleave", "focusout"]) found.addEventListener(kind, wait);
    Footnote.$("#fn-shell").append(found);
    return found;
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(() => region().replaceChildren(), LONG);
  }

  /* `undo` is called when the reader wants it undone. */
  function say(text, undo = null) {
    region().replaceChildren(Footnote.make("span", { textContent: text }));
    if (undo) region().append(button(undo));
    wait();
  }

  function button(undo) {
    const made = Footnote.make("button", { type: "button", textContent: "Undo" });
    made.addEventListener("click", () => {
      region().replaceChildren();
      undo();
    });
    return made;
  }

  return { say };
})();
