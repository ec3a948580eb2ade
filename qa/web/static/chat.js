/* The conversation: asking, following an answer while it is written, and keeping it. */
Footnote.chat = (() => {
  "use strict";

  const { $, $$, still, layers, sources, store, viewer } = Footnote;
  const CURRENT = "footnote.current"; // the conversation that this tab shows, across reloads
  const PATIENCE = 10000; // milliseconds without a word after which we ask whether the server is there
  const MEMORY = 8; // earlier answers that go with a question

  let trigger = null;
  let server = null;
  let library = null; // which corpus the conversations are about; null until the server has said
  let current = fresh();
  let asking = null; // the question on its way
  let tickets = 0;
  let watchdog = 0;

  function fresh() {
    const now = new Date().toISOString();
    const id = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
    return { id, name: "", created: now, updated: now, library: library ?? "", turns: [] };
  }

  /* Ask a new question, or ask again in place of turn `number`. False if one is on its way already.
   * A question that the reader has made to stand alone is asked `asIs`, without what was said before it.
   */
  function ask(question, number = null, asIs = false) {
    if (asking || !trigger) return false;
    const at = current.turns.findIndex((turn) => turn.number === number);
    const before = at < 0 ? current.turns : current.turns.slice(0, at);
    const next = 1 + Math.max(0, ...current.turns.map((turn) => turn.number));
    asking = { ticket: ++tickets, number: at < 0 ? next : number, conversation: current, question, asIs };
    const answers = asIs ? [] : before.map((turn) => turn.answer).filter(Boolean).slice(-MEMORY);
    trigger("ask", {
      ticket: asking.ticket,
      number: asking.number,
      question,
      history: answers.map((answer) => ({ ...answer, hits: [] })),
      sources: Footnote.scope.chosen(),
      settings: Footnote.settings.values(),
    });
    $("#fn-shell").dataset.asking = "";
    Footnote.shell.show("chat");
    guard();
    return true;
  }

  function halt() {
    if (asking) trigger("halt");
  }

  /* One step of the answer, or, when the page is opened, whose conversations these are. */
  function receive(value) {
    if (value?.library !== undefined) {
      Footnote.rail.greet(value.reader);
      return arrive(value.library);
    }
    if (!asking || value?.ticket !== asking.ticket) return;
    guard();
    if (asking.conversation === current) {
      const isNew = !article(value.number);
      place(value);
      if (isNew) begin(article(value.number));
    }
    if (value.record) end(value.record);
  }

  function end(record) {
    const { conversation, asIs } = asking;
    release();
    const at = conversation.turns.findIndex((turn) => turn.number === record.number);
    const kept = { ...record, asked: new Date().toISOString(), ...(asIs && { as_is: true }) };
    const before = structuredClone(conversation.turns);
    if (at < 0) conversation.turns.push(kept);
    else {
      conversation.turns[at] = kept;
      Footnote.toast.say("The earlier answer was replaced.", () => change(conversation, before));
    }
    save(conversation);
  }

  function release() {
    clearTimeout(watchdog);
    asking = null;
    delete $("#fn-shell").dataset.asking;
  }

  /* A server that has gone says nothing: ask it, and give the question back when it does not answer. */
  function guard() {
    clearTimeout(watchdog);
    watchdog = setTimeout(async () => {
      const there = await server.draw_turns([]).catch(() => null);
      if (!asking) return;
      if (Array.isArray(there)) return guard();
      Footnote.composer.fill(asking.question);
      release();
      Footnote.toast.say("Footnote does not answer. See whether it still runs, then ask again.");
    }, PATIENCE);
  }

  async function save(conversation) {
    conversation.updated = new Date().toISOString();
    conversation.name ||= named(conversation.turns[0]?.question ?? "");
    conversation.library ||= library ?? "";
    if (conversation === current) sessionStorage.setItem(CURRENT, current.id);
    await store.put(conversation);
    Footnote.rail.draw();
  }

  function named(question) {
    const line = question.replace(/\s+/g, " ").trim();
    return line.length <= 70 ? line : `${line.slice(0, 70).replace(/\s\S*$/, "")} …`;
  }

  /* Replace the turns of a conversation, as undoing and deleting do. */
  function change(conversation, turns) {
    conversation.turns = turns;
    save(conversation);
    if (conversation === current) draw();
  }

  /* Where the turns stand on the page. */

  const article = (number) => $(`#fn-transcript .fn-turn[data-turn="${number}"]`);

  function place({ number, article: html, sources: cards }) {
    const made = document.createElement("template");
    made.innerHTML = html;
    const old = article(number);
    if (old) old.replaceWith(made.content);
    else $("#fn-transcript .fn-turns").append(made.content);
    sources.place(number, cards);
    Footnote.turns.markRatings(article(number), turn(number));
  }

  const turn = (number) => current.turns.find((each) => each.number === Number(number));

  async function draw() {
    const shown = current;
    const drawn = shown.turns.length ? await server.draw_turns(shown.turns).catch(() => null) : [];
    if (shown !== current) return;
    $("#fn-transcript .fn-turns").replaceChildren();
    sources.clear();
    if (!drawn) return Footnote.toast.say("Footnote does not answer. See whether it still runs.");
    drawn.forEach(place);
    const last = $("#fn-transcript .fn-turns").lastElementChild;
    if (last) $(".fn-question", last).scrollIntoView({ block: "start" });
  }

  /* Show another conversation, or a new one; one on its way is stopped and kept. */
  async function open(conversation = fresh()) {
    halt();
    layers.close("documents");
    viewer.close();
    current = conversation;
    sessionStorage.setItem(CURRENT, current.id);
    Footnote.rail.draw();
    await draw();
    if (!current.turns.length) $("#fn-box textarea")?.focus();
  }

  async function arrive(name) {
    const first = library === null;
    library = name;
    if (first && !current.turns.length && !asking) {
      const kept = await store.all(library);
      const last = kept.find((each) => each.id === sessionStorage.getItem(CURRENT));
      if (last) return open(last);
    }
    Footnote.rail.draw();
  }

  function begin(element) {
    viewer.close();
    $(".fn-question", element).scrollIntoView({ block: "start", behavior: still.matches ? "auto" : "smooth" });
  }

  /* The panels. */

  function live(props, send, watch, functions) {
    trigger = send;
    server = functions;
    watch("value", () => receive(props.value));
    document.addEventListener("footnote:indexed", () => send("arrive"));
  }

  function follow(event) {
    const link = event.target.closest("a[data-source]");
    const evidence = event.target.closest(".fn-evidence");
    const next = event.target.closest(".fn-ask");
    if (next) return ask(next.dataset.question);
    if (link) {
      event.preventDefault();
      sources.show(link.closest(".fn-turn").dataset.turn);
      viewer.open(link);
    } else if (evidence) sources.reveal(evidence.dataset.turn, evidence);
  }

  function transcript(element) {
    element.addEventListener("click", follow);
    const bar = $("#fn-scroll").offsetWidth - $("#fn-scroll").clientWidth;
    $("#fn-shell").style.setProperty("--fn-bar", `${bar}px`);
    Footnote.turns.start(element);
    Footnote.preview.start(element);
  }

  return {
    ask,
    halt,
    open,
    change,
    save,
    turn,
    live,
    transcript,
    call: (name, given) => server[name](given),
    shown: () => current,
    library: () => library ?? "",
    busy: () => asking !== null,
  };
})();
