/* The documents: what is indexed, and what is to be done with it. */
Footnote.documents = (() => {
  "use strict";

  const { $, $$, desk, layers, work, scope, shell, viewer } = Footnote;

  const wanted = { words: "", folder: "", state: "", sort: "source", down: "", shown: "" };
  const picked = new Map(); // source → whether it is indexed
  let room = null;
  let visit = 0;

  const part = (name) => $(`.fn-${name}`, room);

  /* The table, as the filters want it. */
  async function refresh() {
    const ticket = ++visit;
    const answer = await desk.ask("list", wanted).catch((error) => ({ error: error.message }));
    if (ticket !== visit) return;
    part("health").textContent = answer.error ?? answer.health;
    if (answer.error) return;
    part("listing").innerHTML = answer.table;
    part("folder-wanted").innerHTML = answer.folders;
    part("folder-wanted").value = wanted.folder;
    part("filters").hidden = answer.files === 0;
    part("listing").hidden = answer.files === 0;
    part("empty").hidden = answer.files > 0;
    for (const each of $$("[data-needs]", room)) each.hidden = !answer[`may_${each.dataset.needs}`];
    markPicked();
    if (answer.may_rebuild) tellChanges();
  }

  async function tellChanges() {
    const { changes } = await desk.ask("plan").catch(() => ({ changes: 0 }));
    part("waiting").textContent = changes ? `${changes} changed since` : "";
  }

  /* What is chosen in the table. */

  function markPicked() {
    const boxes = $$(".fn-pick", room);
    for (const box of boxes) box.checked = picked.has(box.value);
    const all = part("all");
    const able = boxes.filter((box) => !box.disabled);
    if (all) all.checked = able.length > 0 && able.every((box) => box.checked);
    part("picked").hidden = picked.size === 0;
    part("picked-count").textContent = `${picked.size} chosen`;
    $('[data-act="ask"]', room).hidden = ![...picked.values()].some(Boolean);
    $('[data-act="folder"]', room).hidden = !wanted.folder;
  }

  function pick(box) {
    if (box.checked) picked.set(box.value, box.closest("tr").dataset.state === "indexed");
    else picked.delete(box.value);
  }

  function onChange(event) {
    const { target } = event;
    if (target.matches(".fn-pick")) pick(target);
    else if (target.matches(".fn-all")) {
      for (const box of $$(".fn-pick:not(:disabled)", room)) {
        box.checked = target.checked;
        pick(box);
      }
    } else if (target.matches("select")) {
      Object.assign(wanted, { [target.name]: target.value, shown: "" });
      refresh();
    }
    markPicked();
  }

  /* What is done with them. */

  function ask(sources) {
    scope.choose(sources);
    picked.clear();
    markPicked();
    shell.show("chat");
    $("#fn-box textarea")?.focus();
  }

  function confirmRemoval() {
    const names = [...picked.keys()];
    const count = names.length === 1 ? names[0] : `these ${names.length} documents`;
    part("confirm-title").textContent = `Remove ${count}?`;
    Footnote.keys.openDialog("confirm");
  }

  async function remove() {
    const sources = [...picked.keys()];
    layers.close("confirm");
    try {
      await desk.ask("file", { source: sources }, "DELETE");
      picked.clear();
      scope.keep((source) => !sources.includes(source));
    } catch (error) {
      part("health").textContent = error.message;
    }
    work.follow();
    refresh();
  }

  async function plan() {
    const box = part("plan");
    box.hidden = false;
    part("planned").textContent = "Looking for what has changed …";
    $('[data-act="rebuild"]', box).disabled = true;
    try {
      part("planned").innerHTML = (await desk.ask("plan")).plan;
    } catch (error) {
      part("planned").textContent = error.message;
    }
    $('[data-act="rebuild"]', box).disabled = false;
    $('[data-act="rebuild"]', box).focus();
  }

  function rebuild() {
    part("plan").hidden = true;
    work.start();
  }

  const ACTIONS = {
    plan,
    rebuild,
    "no-plan": () => (part("plan").hidden = true),
    ask: () => ask([...picked].filter(([, indexed]) => indexed).map(([source]) => source)),
    folder: () => ask([wanted.folder]),
    remove: confirmRemoval,
    "remove-now": remove,
    none: () => picked.clear() ?? markPicked(),
  };

  function onClick(event) {
    const { target } = event;
    const link = target.closest(".fn-open");
    ACTIONS[target.closest("[data-act]")?.dataset.act]?.();
    if (link) {
      event.preventDefault();
      viewer.open(link);
    } else if (target.closest(".fn-sort")) sort(target.closest(".fn-sort").dataset.sort);
    else if (target.closest(".fn-further")) {
      wanted.shown = target.closest(".fn-further").dataset.shown;
      refresh();
    }
  }

  /* A link to the documents of one state. */
  function wish(event) {
    const link = event.target.closest("[data-wish]");
    if (link) wanted.state = $('[name="state"]', room).value = link.dataset.wish;
  }

  async function sort(column) {
    wanted.down = wanted.sort === column && !wanted.down ? "yes" : "";
    wanted.sort = column;
    await refresh();
    $(`.fn-sort[data-sort="${column}"]`, room)?.focus();
  }

  function panel(element) {
    let pause = null;
    room = element;
    element.addEventListener("click", onClick);
    element.addEventListener("change", onChange);
    part("words-wanted").addEventListener("input", (event) => {
      clearTimeout(pause);
      Object.assign(wanted, { words: event.target.value, shown: "" });
      pause = setTimeout(refresh, 200);
    });
    document.addEventListener("click", wish, true);
    document.addEventListener("footnote:middle", (event) => event.detail === "documents" && enter());
    document.addEventListener("footnote:indexed", () => shown() && refresh());
  }

  const shown = () => $("#fn-shell").dataset.middle === "documents";

  function enter() {
    refresh();
    work.follow(true);
  }

  return { panel };
})();
