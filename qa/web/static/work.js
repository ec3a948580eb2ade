/* The rebuild: begun, followed and stopped here, whoever began it. */
Footnote.work = (() => {
  "use strict";

  const { $, $$, desk, make } = Footnote;
  const EVERY = 400; // milliseconds

  let following = false;
  let last = { state: "idle" };

  async function start() {
    draw({ state: "running", text: "Looking for what has changed", share: null });
    draw(await desk.ask("work", {}, "POST").catch(failed));
    follow();
  }

  async function stop() {
    draw(await desk.ask("work", {}, "DELETE").catch(failed));
  }

  const failed = (error) => ({ state: "failed", text: error.message });

  /* Show how it stands until it ends; `quietly`, nothing is shown of one that had ended before. */
  async function follow(quietly = false) {
    if (following) return;
    following = true;
    let work = await desk.ask("work").catch(failed);
    if (quietly && work.state !== "running") {
      following = false;
      return;
    }
    while (work.state === "running") {
      draw(work);
      await new Promise((resolve) => setTimeout(resolve, EVERY));
      work = await desk.ask("work").catch(failed);
    }
    following = false;
    draw(work);
    document.dispatchEvent(new CustomEvent("footnote:indexed", { detail: work }));
  }

  const redraw = () => draw(last);

  function draw(work) {
    last = work;
    for (const element of $$(".fn-work")) {
      element.hidden = work.state === "idle";
      element.dataset.state = work.state;
      $(".fn-work-text", element).textContent = work.text ?? "";
      const bar = $("progress", element);
      bar.hidden = $("button", element).hidden = work.state !== "running";
      if (work.share === null || work.share === undefined) bar.removeAttribute("value");
      else bar.value = work.share;
      $("ul", element).replaceChildren(...(work.failed ?? []).slice(0, 50).map((text) => make("li", { textContent: text })));
    }
  }

  document.addEventListener("click", (event) => event.target.closest('.fn-work [data-act="stop"]') && stop());

  return { start, follow, redraw };
})();
