"""A large graph.ttl of invented news, written as `kg build` would write it but without building: always the same one."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

_BASE: Final = "https://newskg.example/id/"
_TYPES: Final = ("Organization", "Person", "Place", "Event", "Project")
_RELATIONS: Final = (
    "cooperatesWith",
    "investsIn",
    "carriesOut",
    "participatesIn",
    "locatedIn",
    "holdsPosition",
)
_PLACES: Final = [
    "青岚",
    "朔溪",
    "云泽",
    "栖霞岭",
    "望浦",
    "临沅",
    "安渚",
    "石浦洲",
    "松陵",
    "澄江洲",
    "鹤浦",
    "罗汀",
]
_MIDDLES: Final = [
    "朗星",
    "远帆",
    "清禾",
    "博棠",
    "恒澄",
    "启岚",
    "瑞穹",
    "嘉砚",
    "宁霁",
    "同舟",
    "晟曜",
    "汇川洲",
    "景渊",
    "泽霖",
    "星槎",
    "云麓",
]
_FORMS: Final = [
    "有限公司",
    "股份有限公司",
    "研究院",
    "大学",
    "农村商业银行",
    "行业协会",
    "创新中心",
    "论坛",
    "工程",
    "县",
]
_HUB: Final = 10_000
_SENTENCES: Final = 5
_PREFIXES: Final = {
    "nk": "https://newskg.example/ontology#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "schema": "https://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "itsrdf": "http://www.w3.org/2005/11/its/rdf#",
    "statement": f"{_BASE}statement/",
    "support": f"{_BASE}support/",
    "occurrence": f"{_BASE}occurrence/",
    **{name.lower(): f"{_BASE}{name.lower()}:" for name in _TYPES},
}

HUB: Final = "organization:青岚朗星有限公司0"
"""An entity with 10,000 statements, if the graph has as many."""


def entity(number: int) -> tuple[str, str, str]:
    """Return type, id and name of the entity with this number."""
    kind = _TYPES[number % 5 if number % 2 else 0]
    words = (_PLACES[number % 12], _MIDDLES[number // 12 % 16], _FORMS[number // 192 % 10])
    name = "".join(words) + str(number // 1920)
    return kind, f"{kind.lower()}:{name}", name


def write_folder(folder: Path, statements: int, *, entities: int) -> int:
    """Write graph.ttl and manifest.json into `folder`; return how many articles there are."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "graph.ttl").open("w", encoding="utf-8") as file:
        for name, namespace in _PREFIXES.items():
            file.write(f"@prefix {name}: <{namespace}> .\n")
        articles = _write(file, statements, entities)
    settings = {"base_iri": _BASE, "min_confidence": 0.6}
    (folder / "manifest.json").write_text(json.dumps({"settings": settings}), encoding="utf-8")
    return articles


def _write(file: TextIO, statements: int, entities: int) -> int:
    chance = random.Random(7)  # noqa: S311
    for number in range(entities):
        kind, id_, name = entity(number)
        alias = f' ; skos:altLabel "{name[2:]}"' if number % 3 == 0 else ""
        class_ = " , nk:Company" if number % 4 == 0 else ""
        file.write(f'{id_} a nk:{kind}{class_} ; rdfs:label "{name}" ; skos:prefLabel "{name}"{alias} .\n')
    spacing = max(1, statements // _HUB)
    done = article = 0
    while done < statements:
        amount = min(_SENTENCES * 2, statements - done)
        file.writelines(_article(article, done, amount, entities, chance, spacing=spacing))
        done += amount
        article += 1
    return article


def _article(
    article: int, first: int, amount: int, entities: int, chance: random.Random, *, spacing: int
) -> Iterator[str]:
    """Yield an article whose sentences state two things each; those of one sentence in `spacing` are about the hub."""
    source = f"{_BASE}source/news/{article:07d}.txt"
    name = f"<{_BASE}article/news/{article:07d}.txt/0>"
    day = f"20{10 + article % 14}-{1 + article % 12:02d}-{1 + article % 28:02d}"
    digest = f"{article:064x}"
    yield (
        f'<{source}> a nk:Source , nif:Context ; dcterms:identifier "news/{article:07d}.txt" ; dcterms:format "text/plain" ;'
        f' nif:beginIndex 0 ; nif:endIndex 900 ; nk:rawSha256 "{digest}" ; nk:textSha256 "{digest}" .\n'
        f'{name} a schema:NewsArticle ; schema:headline "第{article}条：青岚科技合作再进一步" ;'
        f' schema:datePublished "{day}"^^<http://www.w3.org/2001/XMLSchema#date> ; schema:publisher "云泽日报" ;'
        f" schema:isPartOf <{source}> ; nk:articleIndex 0 .\n"
    )
    for k in range(amount):
        number = first + k
        if k % 2 == 0:
            subject = entity(0) if number // 2 % spacing == 0 else _one(entities, chance)
            at = 100 * (k // 2)
            sentence = f"{at},{at + 60}"
            subject_string = f"{at},{at + len(subject[2])}"
            yield _string(
                source,
                sentence,
                f"{subject[2]}与有关各方在会上签署协议，项目总投资{number}万元，将于年内开工建设。",
            )
            yield _string(source, subject_string, subject[2], mentions=subject[1])
        other = _one(entities, chance)
        start = at + 20 + 15 * (k % 2)
        object_string = f"{start},{start + len(other[2])}"
        yield _string(source, object_string, other[2], mentions=other[1])
        confidence = f"0.{5000 + chance.randrange(4999)}".rstrip("0")
        accepted = confidence >= "0.6"
        modality = "stated" if number % 10 else "planned"
        relation = _RELATIONS[number % len(_RELATIONS)]
        happened = f" ; nk:occurrence occurrence:signing-{number:012x}" if number % 12 == 0 else ""
        dated = f' ; nk:date "{day}"^^<http://www.w3.org/2001/XMLSchema#date>' if number % 3 == 0 else ""
        flat = f"{subject[1]} nk:{relation} {other[1]} .\n" if accepted and modality == "stated" else ""
        yield (
            f"{flat}statement:{number:016x} a nk:Statement ; rdf:subject {subject[1]} ; rdf:predicate nk:{relation} ;"
            f" rdf:object {other[1]} ; nk:modality nk:{modality} ; nk:confidence {confidence} ;"
            f" nk:accepted {'true' if accepted else 'false'} ; nk:support support:{number:016x}-{number:016x}{happened} .\n"
            f"support:{number:016x}-{number:016x} a nk:Support ; nk:evidence <{source}#char={sentence}> ;"
            f" nk:article {name} ; nk:subjectString <{source}#char={subject_string}> ;"
            f" nk:objectString <{source}#char={object_string}> ; nk:confidence {confidence} ;"
            f' nk:rule "signing.two-parties"{dated} .\n'
        )
        if happened:
            yield (
                f"occurrence:signing-{number:012x} a nk:Occurrence , nk:Signing ; nk:party {subject[1]} , {other[1]} ;"
                f' nk:onDate "{day}"^^<http://www.w3.org/2001/XMLSchema#date> ; nk:dateText "当日" .\n'
            )


def _one(entities: int, chance: random.Random) -> tuple[str, str, str]:
    """Return an entity; small numbers come often, as well known names do in the news."""
    return entity(int(entities * chance.random() ** 3))


def _string(source: str, place: str, text: str, *, mentions: str = "") -> str:
    start, end = place.split(",")
    kind = f"nk:MentionString ; itsrdf:taIdentRef {mentions}" if mentions else "nk:EvidenceString"
    return (
        f'<{source}#char={place}> a nif:OffsetBasedString , {kind} ; nif:anchorOf "{text}" ; nif:beginIndex {start} ;'
        f" nif:endIndex {end} ; nif:referenceContext <{source}> .\n"
    )
