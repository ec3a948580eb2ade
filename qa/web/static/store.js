/* Conversations, kept in this browser (IndexedDB), or for as long as the page is open where that is not allowed. */
Footnote.store = (() => {
  "use strict";

  const TABLE = "conversations";
  const memory = new Map();
  let opened = null;

  const database = () =>
    (opened ??= new Promise((resolve) => {
      try {
        const request = indexedDB.open("footnote", 1);
        request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "id" });
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => resolve(null);
      } catch {
        resolve(null); // a browser that keeps nothing
      }
    }));

  async function within(mode, act) {
    const table = (await database()).transaction(TABLE, mode).objectStore(TABLE);
    return new Promise((resolve, reject) => {
      const request = act(table);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  /* Every conversation about this corpus, the latest first. */
  async function all(library) {
    const kept = (await database()) ? await within("readonly", (table) => table.getAll()) : [...memory.values()];
    const ours = kept.filter((each) => !each.library || each.library === library);
    return ours.sort((a, b) => b.updated.localeCompare(a.updated));
  }

  async function put(conversation) {
    if (await database()) await within("readwrite", (table) => table.put(conversation));
    else memory.set(conversation.id, structuredClone(conversation));
  }

  async function remove(id) {
    if (await database()) await within("readwrite", (table) => table.delete(id));
    else memory.delete(id);
  }

  return { all, put, remove };
})();
