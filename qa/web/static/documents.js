/* The documents: what is indexed, and which of it a question is asked of. */
Footnote.documents = (() => {
  "use strict";

  /* The sources that questions are restricted to; null for all documents. */
  function chosen() {
    return null;
  }

  function panel(_element) {}

  return { panel, chosen };
})();
