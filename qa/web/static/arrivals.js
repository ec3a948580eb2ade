/* Files on their way into the corpus: dropped or chosen, sent a few at a time, each with its progress. */
Footnote.arrivals = (() => {
  "use strict";

  const { $, $$, desk, make, shell, work } = Footnote;
  const AT_ONCE = 3;
  const SHOWN = 40;
  const MB = 1 << 20;

  let arrivals = []; // { name, file, state, share, text }
  let drawing = false;
  let limit = null; // bytes that the server takes

  /* Take in files, given as [path, File] pairs; when all are there, they are indexed. */
  async function add(files) {
    if (!files.length) return;
    limit ??= (await desk.ask("limit").catch(() => null))?.bytes ?? null;
    arrivals = arrivals.filter((each) => each.state !== "done");
    for (const [name, file] of files) arrivals.push({ name, file, state: "waiting", share: 0, text: "" });
    draw();
    next();
  }

  function next() {
    const sending = arrivals.filter((each) => each.state === "sending").length;
    const waiting = arrivals.filter((each) => each.state === "waiting");
    for (const arrival of waiting.slice(0, AT_ONCE - sending)) send(arrival);
    if (!sending && !waiting.length && arrivals.some((each) => each.fresh)) {
      for (const arrival of arrivals) arrival.fresh = false;
      work.start();
    }
  }

  function send(arrival, clash = "ask") {
    Object.assign(arrival, { state: "sending", share: 0, text: "" });
    if (limit && arrival.file.size > limit) return settle(arrival, "refused", `Larger than ${Math.floor(limit / MB)} MB.`);
    const request = new XMLHttpRequest();
    request.open("PUT", desk.address("file", { name: arrival.name, clash }));
    request.upload.onprogress = (event) => {
      arrival.share = event.loaded / event.total;
      draw();
    };
    request.onload = () => answered(arrival, request);
    request.onerror = () => settle(arrival, "refused", desk.LOST);
    request.send(arrival.file);
  }

  function answered(arrival, request) {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      answer = { error: desk.LOST };
    }
    if (request.status === 429) return later(arrival, Number(request.getResponseHeader("Retry-After")) || 5);
    if (request.status === 409) return settle(arrival, "clash", answer.error);
    if (request.status >= 400) return settle(arrival, "refused", answer.error ?? desk.LOST);
    arrival.fresh = !answer.already;
    settle(arrival, "done", answer.already ? "is there already" : "");
  }

  /* So many files at once that the server asks for a pause. */
  function later(arrival, seconds) {
    arrival.text = "waits for the server";
    setTimeout(() => send(arrival), 1000 * seconds);
    draw();
  }

  function settle(arrival, state, text) {
    Object.assign(arrival, { state, text });
    draw();
    next();
  }

  /* What the reader sees of it: those that are on their way or need an eye. */

  function draw() {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      for (const list of $$(".fn-arrivals")) list.replaceChildren(...arrivals.slice(-SHOWN).map(row));
    });
  }

  function row(arrival) {
    const item = make("li");
    const said = arrival.text || { waiting: "waits", sending: "", done: "added" }[arrival.state];
    item.dataset.state = arrival.state;
    item.append(
      make("bdi", { textContent: arrival.name }),
      make("span", { textContent: said, className: "fn-arrival-text" }),
    );
    if (arrival.state === "sending") item.append(bar(arrival));
    if (arrival.state === "clash")
      item.append(choice(arrival, "Keep both", "keep"), choice(arrival, "Replace", "replace"));
    if (["clash", "refused"].includes(arrival.state)) item.append(choice(arrival, "Leave it", null));
    return item;
  }

  function bar(arrival) {
    const progress = make("progress", { value: arrival.share });
    progress.setAttribute("aria-label", `Sending ${arrival.name}`);
    return progress;
  }

  function choice(arrival, label, clash) {
    const button = make("button", { type: "button", textContent: label });
    button.addEventListener("click", () => {
      if (clash) send(arrival, clash);
      else arrivals = arrivals.filter((each) => each !== arrival);
      draw();
    });
    return button;
  }

  /* Where files come from. */

  const chosen = (input) => [...input.files].map((file) => [file.webkitRelativePath || file.name, file]);

  async function dropped(transfer) {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.length) return [...transfer.files].map((file) => [file.name, file]);
    return (await Promise.all(entries.map((entry) => within(entry)))).flat();
  }

  async function within(entry, path = "") {
    const name = path + entry.name;
    if (entry.isFile) return [[name, await new Promise((resolve, reject) => entry.file(resolve, reject))]];
    const reader = entry.createReader();
    const found = [];
    for (let some = [null]; some.length; found.push(...some)) {
      some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    }
    return (await Promise.all(found.map((each) => within(each, `${name}/`)))).flat();
  }

  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

  /* Where files on their way are shown: on the first page, else among the documents. */
  function showWhere() {
    if (!$(".fn-first")?.checkVisibility() && $("#fn-shell").dataset.middle !== "documents") shell.show("documents");
  }

  function start() {
    const page = $("#fn-shell");
    document.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      page.dataset.dropping = "";
    });
    document.addEventListener("dragleave", (event) => event.relatedTarget || delete page.dataset.dropping);
    document.addEventListener("drop", async (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      delete page.dataset.dropping;
      showWhere();
      add(await dropped(event.dataTransfer));
    });
    document.addEventListener("footnote:indexed", (event) => {
      if ($(".fn-first") && event.detail.state === "done") $("#fn-box textarea")?.focus();
    });
    document.addEventListener("change", (event) => {
      if (!event.target.matches(".fn-files")) return;
      add(chosen(event.target));
      event.target.value = "";
    });
  }

  return { start, draw };
})();
