"""A person reading the page: asks, follows markers, and looks at what stands where."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

# Every element with text of its own, the contrast of that text, and whether it can be seen.
CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => [r, g, b].map((value) => value / 255)
    .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = rgba(getComputedStyle(each).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  return [...document.querySelectorAll("#fn-shell *")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((element) => {
      const [light, dark] = [rgba(getComputedStyle(element).color), ground(element)]
        .map(luminance).sort((a, b) => b - a);
      return [`${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`,
              (light + 0.05) / (dark + 0.05)];
    });
}"""


class Reader:
    """Someone in front of the page, in words of what they see."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.get_by_label("Your question")
        self.turns = page.locator(".fn-turn")
        self.cards = page.locator("#fn-cards .fn-sources:visible .fn-card")
        self.highlighted = page.locator("#fn-viewer mark.fn-quote")

    @property
    def turn(self) -> Locator:
        """The latest question and its answer."""
        return self.turns.last

    def visit(self, address: str) -> None:
        self.page.goto(address)
        expect(self.page.locator(".fn-starters, .fn-notice, .fn-welcome .fn-quiet")).to_be_visible()

    def send(self, question: str) -> None:
        """Type the question and press Enter; the answer may take its time."""
        asked = self.turns.count()
        self.box.fill(question)
        self.box.press("Enter")
        expect(self.turns).to_have_count(asked + 1)

    def ask(self, question: str, state: str = "answered") -> Locator:
        """Ask and wait for the answer; the turn, which has come to `state`."""
        self.send(question)
        return self.come_to(state)

    def come_to(self, state: str) -> Locator:
        expect(self.turn).not_to_have_attribute("data-state", "running")
        expect(self.turn).to_have_attribute("data-state", state)
        return self.turn

    def answer(self) -> str:
        return self.turn.locator(".fn-answer").inner_text()

    def open_first_citation(self) -> str:
        """Follow the answer's first marker; the words highlighted in the document."""
        self.turn.locator("a.fn-cite").first.click()
        return self.words_in_the_document()

    def words_in_the_document(self) -> str:
        expect(self.highlighted.first).to_be_in_viewport()
        return "".join(self.highlighted.all_text_contents())

    def contrasts(self) -> dict[str, float]:
        """The contrast of every visible piece of text with what is behind it."""
        return dict(self.page.evaluate(CONTRASTS))
