/* What lies over the page: a sheet, a drawer, a dialog, an opened document. The browser's back button and
 * Escape close the topmost one, and never leave the page for it.
 */
Footnote.layers = (() => {
  "use strict";

  const layers = []; // { name, close }, the topmost last
  let depth = history.state?.footnote ?? 0; // how many entries of the browser's history are ours
  let travelling = false;

  const has = (name) => layers.some((layer) => layer.name === name);

  /* Lay `name` over the page. `close` takes it away again; it is called once. */
  function open(name, close) {
    if (has(name)) return;
    layers.push({ name, close });
    reconcile();
  }

  /* Take `name` away, and whatever lies over it. */
  function close(name) {
    while (has(name)) layers.pop().close();
    reconcile();
  }

  /* Going back takes a moment, in which more may be opened or closed; history follows when it has gone. */
  function reconcile() {
    if (travelling) return;
    if (layers.length < depth) {
      travelling = true;
      history.go(layers.length - depth);
    }
    for (; depth < layers.length; depth += 1) history.pushState({ footnote: depth + 1 }, "");
  }

  window.addEventListener("popstate", (event) => {
    depth = event.state?.footnote ?? 0;
    if (!travelling) while (layers.length > depth) layers.pop().close();
    travelling = false;
    reconcile();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !layers.length) return;
    event.preventDefault();
    close(layers.at(-1).name);
  });

  reconcile();
  return { open, close, has };
})();
