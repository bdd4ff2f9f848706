"""``python -m kg.train``: train the shipped models, or your own on data in the guideline's format."""

from __future__ import annotations

import argparse
from pathlib import Path

from kg.threads import one_blas_thread


def main() -> None:
    """Parse the arguments and run one training, with one thread of linear algebra: the same data give the same bytes."""
    one_blas_thread()
    parser = argparse.ArgumentParser(
        prog="python -m kg.train",
        description="Train on annotated articles: a folder with text/NAME.txt and gold/NAME.json.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    models = commands.add_parser(
        "models", help="tagger, ranker and confidence (about an hour for 1,200 articles on one core)"
    )
    models.add_argument("data", type=Path, help="folder with text/ and gold/")
    models.add_argument(
        "--out",
        type=Path,
        required=True,
        help="folder for the weights; DIR/weights of a --resources DIR to use them",
    )
    models.add_argument(
        "--standoff",
        type=Path,
        nargs=2,
        metavar=("ANNOTATION", "CORPUS"),
        help="further articles: annotation kept apart from its texts (.jsonl.xz), and the corpus that has the texts",
    )
    models.add_argument(
        "--finre", type=Path, help="train.tsv.gz of FinRE, as further examples for the ranker"
    )
    models.add_argument("--workers", type=int, default=1, help="taggers trained side by side (default 1)")
    models.add_argument(
        "--iterations", type=int, default=90, help="passes of the tagger's training (default 90)"
    )
    models.add_argument(
        "--mentions", type=Path, help="crossed.jsonl of an earlier training: only the ranker is trained again"
    )
    unfold = commands.add_parser(
        "unfold", help="annotation kept apart from its texts, as files for kg eval and for reading"
    )
    unfold.add_argument("annotation", type=Path, help="a .jsonl.xz of offsets into a corpus")
    unfold.add_argument("corpus", type=Path, help="the corpus that has the texts, as JSON Lines")
    unfold.add_argument("--out", type=Path, required=True, help="folder for text/, gold/ and articles.jsonl")
    classes = commands.add_parser("word-classes", help="classes of words from raw news")
    classes.add_argument("corpus", type=Path, help='JSON Lines with a field "text", .gz or .xz allowed')
    classes.add_argument("--out", type=Path, required=True)
    gazetteer = commands.add_parser("gazetteer", help="names known beforehand, as far as news uses them")
    gazetteer.add_argument("datasets", type=Path)
    gazetteer.add_argument("corpus", type=Path)
    gazetteer.add_argument("--out", type=Path, required=True)
    names = commands.add_parser("names", help="names that a trained tagger finds in raw news")
    names.add_argument("corpus", type=Path)
    names.add_argument("--tagger", type=Path, required=True, help="a tagger.npz")
    names.add_argument(
        "--without", type=Path, nargs="*", default=[], help="folders of annotated texts to leave out"
    )
    names.add_argument("--out", type=Path, required=True)
    resolver = commands.add_parser("resolver", help="weights by which names of one article are joined")
    resolver.add_argument("data", type=Path, help="folder with text/ and gold/")
    resolver.add_argument("--out", type=Path, required=True, help="name_links.tsv to write")
    arguments = parser.parse_args()
    if "data" in arguments and not any((arguments.data / "gold").glob("*.json")):
        parser.error(f"{arguments.data}: annotated articles gold/NAME.json with text/NAME.txt were expected")
    _COMMANDS[arguments.command](arguments)


def _models(arguments: argparse.Namespace) -> None:
    from kg.extractor import load_parts
    from kg.pipeline import confident
    from kg.serialize.extraction_json import to_line
    from kg.settings import MIN_CONFIDENCE
    from kg.train.annotation import load
    from kg.train.run import cross, read_mentions, train_ranker, train_tagger
    from kg.train.standoff import load_standoff
    from kg.vocabulary import load_vocabulary

    examples = load(arguments.data)
    if arguments.standoff:
        examples += load_standoff(*arguments.standoff)
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.mentions:
        mentions = read_mentions(arguments.mentions, examples)
    else:
        mentions = train_tagger(
            examples, arguments.out, iterations=arguments.iterations, workers=arguments.workers
        )
    extractor = load_parts(load_vocabulary(), tagger=arguments.out / "tagger.npz")
    crossed = cross(extractor, examples, mentions)
    extractions = train_ranker(extractor, examples, crossed, arguments.out, finre_file=arguments.finre)
    lines = "".join(to_line(confident(x, minimum=MIN_CONFIDENCE)) for x in extractions)
    (arguments.out / "crossed_extractions.jsonl").write_text(lines, encoding="utf-8")


def _unfold(arguments: argparse.Namespace) -> None:
    from kg.train.run import say
    from kg.train.standoff import unfold

    say(f"{unfold(arguments.annotation, arguments.corpus, arguments.out)} articles")


def _word_classes(arguments: argparse.Namespace) -> None:
    from kg.train.wordclasses import write

    write(arguments.corpus, arguments.out)


def _gazetteer(arguments: argparse.Namespace) -> None:
    from kg.train.gazetteers import write

    write(arguments.datasets, arguments.corpus, arguments.out)


def _names(arguments: argparse.Namespace) -> None:
    from kg.extract.tagger.tagger import load_tagger
    from kg.train.names import mine

    mine(arguments.corpus, load_tagger(arguments.tagger), arguments.without, arguments.out)


def _resolver(arguments: argparse.Namespace) -> None:
    from kg.train.annotation import load
    from kg.train.resolver import judged, learn, write

    write(learn(map(judged, load(arguments.data))), arguments.out)


_COMMANDS = {
    "models": _models,
    "unfold": _unfold,
    "word-classes": _word_classes,
    "gazetteer": _gazetteer,
    "names": _names,
    "resolver": _resolver,
}

if __name__ == "__main__":
    main()
