/* The conversations of this browser: found, opened, renamed, exported, deleted. */
Footnote.rail = (() => {
  "use strict";

  const { $, $$, make, store, toast } = Footnote;
  let drawing = 0;

  const wanted = () => $("#fn-rail input[type=search]").value.trim().toLowerCase();

  function matches(conversation, words) {
    const said = conversation.turns.flatMap((turn) => [turn.question, turn.answer?.text ?? ""]);
    return [conversation.name, ...said].some((text) => text.toLowerCase().includes(words));
  }

  async function draw() {
    const ticket = ++drawing;
    const all = await store.all(Footnote.chat.library());
    if (ticket !== drawing) return; // a later one is on its way
    const found = all.filter((each) => matches(each, wanted()));
    $("#fn-rail .fn-conversations ul").replaceChildren(...found.map(item));
    const none = all.length ? "No conversation has these words." : "Your conversations will be kept here, in this browser.";
    $("#fn-rail .fn-conversations p").textContent = found.length ? "" : none;
  }

  function item(conversation) {
    const row = make("li", { className: "fn-conversation" });
    const open = make("button", { type: "button", className: "fn-name" });
    open.append(make("span", { textContent: conversation.name }));
    open.title = conversation.name;
    if (conversation.id === Footnote.chat.shown().id) open.setAttribute("aria-current", "page");
    open.addEventListener("click", () => {
      Footnote.layers.close("rail");
      Footnote.chat.open(conversation);
    });
    row.append(open, more(row, conversation));
    return row;
  }

  function more(row, conversation) {
    const button = make("button", { type: "button", className: "fn-icon fn-more", textContent: "⋯" });
    button.setAttribute("aria-label", `More for “${conversation.name}”`);
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      const open = $(".fn-menu", row);
      button.setAttribute("aria-expanded", String(!open));
      if (open) open.remove();
      else row.append(menu(row, conversation));
    });
    return button;
  }

  function menu(row, conversation) {
    const list = make("div", { className: "fn-menu" });
    const entries = [
      ["Rename", () => rename(row, conversation)],
      ["Export as Markdown", () => exportMarkdown(conversation)],
      ["Export as JSON", () => save(conversation, "json", JSON.stringify(conversation, null, 2))],
      ["Delete", () => remove(conversation)],
    ];
    for (const [label, act] of entries) {
      const entry = make("button", { type: "button", textContent: label });
      entry.addEventListener("click", act);
      list.append(entry);
    }
    return list;
  }

  function rename(row, conversation) {
    const box = make("input", { value: conversation.name, className: "fn-rename", maxLength: 120 });
    box.setAttribute("aria-label", "New name of the conversation");
    row.replaceChildren(box);
    box.select();
    box.focus();
    let left = false;
    const leave = async (keep) => {
      if (left) return;
      left = true;
      if (keep && box.value.trim()) {
        conversation.name = box.value.trim();
        if (conversation.id === Footnote.chat.shown().id) Footnote.chat.shown().name = conversation.name;
        await store.put(conversation);
      }
      draw();
    };
    box.addEventListener("blur", () => leave(true));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      leave(event.key === "Enter");
    });
  }

  async function exportMarkdown(conversation) {
    const text = await Footnote.chat.call("export_markdown", conversation).catch(() => null);
    if (typeof text === "string") save(conversation, "md", text);
    else toast.say("Footnote does not answer. See whether it still runs.");
  }

  function save(conversation, ending, text) {
    const name = conversation.name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60);
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    make("a", { href: address, download: `${name || "conversation"}.${ending}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  async function remove(conversation) {
    await store.remove(conversation.id);
    const shown = conversation.id === Footnote.chat.shown().id;
    if (shown) Footnote.chat.open();
    else draw();
    toast.say("Conversation deleted.", async () => {
      await store.put(conversation);
      if (shown) Footnote.chat.open(conversation);
      else draw();
    });
  }

  /* Say who is signed in, if anyone has to be. */
  function greet(name) {
    $("#fn-rail .fn-reader").textContent = name;
    $("#fn-rail .fn-account").hidden = !name;
  }

  function start(element) {
    $(".fn-new", element).addEventListener("click", () => {
      Footnote.layers.close("rail");
      Footnote.chat.open();
    });
    $("input[type=search]", element).addEventListener("input", draw);
  }

  return { start, draw, greet };
})();
