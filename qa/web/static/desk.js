/* Asks the server for what Gradio does not serve, below `documents/`. */
Footnote.desk = (() => {
  "use strict";

  const LOST = "Footnote does not answer. See whether it still runs.";

  /* An address below the page's own, wherever a proxy puts that. */
  function address(name, parameters = {}) {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(parameters)) {
      for (const each of [value].flat()) query.append(key, each);
    }
    const home = document.baseURI.replace(/[?#].*$/, "").replace(/\/?$/, "/");
    return `${home}documents/${name}${query.size ? `?${query}` : ""}`;
  }

  /* What the server answers; an Error with a sentence for the reader when it refuses or does not answer. */
  async function ask(name, parameters = {}, method = "GET") {
    const response = await fetch(address(name, parameters), { method }).catch(() => null);
    const answer = await response?.json().catch(() => null);
    if (!answer) throw new Error(LOST);
    if (!response.ok) throw new Error(answer.error ?? LOST);
    return answer;
  }

  return { address, ask, LOST };
})();
