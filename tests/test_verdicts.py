"""Verdicts on sentences as a model writes them about the article in `seeds/`, by the shipped reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from index_store import Hit, IndexStore, Passage
from qa import Assistant
from qa.crossencoder import CrossEncoder
from qa.grounding import Grounds

SEEDS = Path(__file__).parent.parent / "seeds"

SUPPORTED = (
    "The plant was taken by Russian forces soon after the invasion.",
    "Russian troops took control of the Zaporizhzhia plant shortly after the invasion began.",
    "Ukraine accuses Russia of keeping heavy weapons at the plant.",
    "Moscow denies storing heavy weapons in the plant.",
    "Zaporizhzhia is Europe's largest nuclear power plant.",
    "It is one of the ten largest nuclear plants in the world.",
    "Fifty-seven Russian attacks were reported on Wednesday.",
    "There were 57 reported attacks by Russia on Wednesday.",
    "Russia launched a full-scale war against Ukraine on 24 February last year.",
    "Rafael Grossi heads the International Atomic Energy Agency.",
    "The head of the IAEA, Rafael Grossi, spoke of a significant increase in troops in the region.",
    "Grossi warned that the plant cannot be protected.",
    "Grossi set aside his plans for a security zone around the plant.",
    "Ukrainian officials said that their fighters were still holding on.",
    "Neither side fully controls the city, and both have had heavy losses.",
    "Much of the territory that Russia annexed is still held by Ukraine.",
    "The Donbas is made up of Donetsk and Luhansk.",
    "Capturing Bakhmut is essential for the Kremlin's goal of controlling all of Donetsk.",
    "Soldiers from Russia took the plant soon after the invasion.",
    "Additionally, Moscow denies the allegation.",
    "Overall, neither side fully controls the city.",
    "Based on the passages, Russian forces seized the plant soon after the invasion.",
)
NUMBER_SWAPPED = (
    "Only 75 Russian attacks were reported on Wednesday.",
    "Only 57 Russian attacks were reported on Thursday.",
    "Zaporizhzhia is among the 20 largest nuclear plants in the world.",
    "Russia launched its full-scale war against Ukraine on February 14 last year.",
    "Moscow added three Ukrainian regions to the Russian Federation in September last year.",
)
NAME_SWAPPED = (
    "Ukrainian forces seized the plant soon after the invasion.",
    "Antonio Guterres warned that the plant can't be protected.",
    "For the Kremlin, capturing Kherson is essential for taking control of the whole of Donetsk.",
    "Zaporizhzhia is the largest nuclear power plant in Asia.",
    "Rafael Grossi is the head of the Russian Federation.",
    "Kherson accuses Russia of storing heavy weapons in the plant.",
    "Guterres warned that the plant can't be protected.",
)
NEGATED = (
    "Moscow does not deny the allegation.",
    "Russian forces did not seize the plant.",
    "Zaporizhzhia is not the largest nuclear power plant in Europe.",
    "The number of troops in the region has not increased, Grossi told reporters.",
    "Grossi said that the plant can be protected.",
    "Ukrainian fighters were not holding on in the battle.",
)
WRONG = (
    "Bakhmut lies on a river and had 70,000 inhabitants before the war.",
    "The war has driven up grain prices around the world.",
    "The plant supplies a fifth of Ukraine's electricity.",
    "Grossi met President Zelensky in Kyiv.",
    "The referendums were condemned by the United Nations.",
)
BLENDED = (
    "Russian forces seized Bakhmut soon after the invasion.",
    "Ukraine accuses Russia of storing heavy weapons in Bakhmut.",
    "Bakhmut is the largest mining city in Europe.",
    "Grossi said that capturing Bakhmut is essential.",
    "Ukrainian military officials put aside plans for a security zone.",
)


@pytest.fixture(scope="module")
def grounds(seed_index: Path) -> Iterator[Grounds]:
    store = IndexStore.open(seed_index)
    with Assistant.open(SEEDS, index=seed_index) as assistant:
        yield Grounds(assistant.search("What has happened?", k=8), store.embedder, CrossEncoder())


def verdicts(grounds: Grounds, sentences: tuple[str, ...]) -> Counter[str]:
    return Counter(grounds.ground(sentence, (1,)).verdict for sentence in sentences)


def test_what_the_article_says_in_other_words_is_supported(grounds: Grounds) -> None:
    counts = verdicts(grounds, SUPPORTED)
    assert counts["unsupported"] == 0
    assert counts["supported"] >= len(SUPPORTED) - 2


@pytest.mark.parametrize(
    ("sentences", "missed", "caught"),
    [(NUMBER_SWAPPED, 0, 5), (NAME_SWAPPED, 0, 5), (NEGATED, 0, 6), (WRONG, 0, 5), (BLENDED, 1, 2)],
    ids=["number swapped", "name swapped", "negated", "not said", "blended"],
)
def test_what_the_article_does_not_say_is_not_supported(
    grounds: Grounds, sentences: tuple[str, ...], missed: int, caught: int
) -> None:
    counts = verdicts(grounds, sentences)
    assert counts["supported"] <= missed
    assert counts["unsupported"] >= caught


def test_a_sentence_stands_on_the_passage_that_says_it(grounds: Grounds) -> None:
    grounded = grounds.ground("Russian forces took the plant soon after the invasion.", ())
    (evidence,) = grounded.evidence
    passage = evidence.hit.passage
    quote = passage.text[evidence.start - passage.start : evidence.end - passage.start]
    assert quote == "Russian forces seized the plant soon after the invasion."


def test_a_passage_without_a_sentence_keeps_its_number(seed_index: Path) -> None:
    texts = ("* * *", "Cats are black.", "Dogs are brown animals.")
    hits = [
        Hit(Passage("same" if rank > 1 else "0", f"{rank}.txt", "", text, 0, len(text)), 0.5, rank)
        for rank, text in enumerate(texts, 1)
    ]
    grounds = Grounds(hits, IndexStore.open(seed_index).embedder, CrossEncoder())
    grounded = grounds.ground("Dogs are brown animals.", (3,))
    assert [each.hit.rank for each in grounded.evidence] == [3] and not grounded.moved
    assert grounds.ground("Dogs are brown animals.", (2,)).moved
