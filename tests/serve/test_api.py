"""The JSON interface answers what its OpenAPI document says."""

import re

import pytest
from serving import BACKWARDS, COMPANY, HUB, ODD, SCRIPT, SIGNING, UNIVERSITY, entities

from kg.serialize import iri
from kg.serialize.iri import DEFAULT_BASE

TYPES = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


@pytest.fixture(scope="module")
def document(ask):
    return ask("/openapi.json").json()


def faults(value, schema, document, at="$"):
    """Return what in `value` is not as the JSON schema says; of the keywords those that the document uses."""
    used = {
        "$ref",
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "anyOf",
        "enum",
        "const",
    }
    notes = {"title", "description", "default", "format", "minimum", "maximum"}
    assert not set(schema) - used - notes, sorted(schema)
    if "$ref" in schema:
        return faults(
            value, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document, at
        )
    if "anyOf" in schema:
        found = [faults(value, one, document, at) for one in schema["anyOf"]]
        return [] if [] in found else min(found, key=len)
    if "const" in schema and value != schema["const"]:
        return [f"{at}: {value!r} is not {schema['const']!r}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    kind = schema.get("type")
    if kind == "null":
        return [] if value is None else [f"{at}: null was expected"]
    if kind and (not isinstance(value, TYPES[kind]) or (kind != "boolean" and isinstance(value, bool))):
        return [f"{at}: {kind} was expected, not {value!r}"]
    if isinstance(value, list):
        return [
            f
            for i, one in enumerate(value)
            for f in faults(one, schema.get("items", {}), document, f"{at}[{i}]")
        ]
    if isinstance(value, dict):
        known, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
        missing = [f"{at}: {name} is missing" for name in schema.get("required", ()) if name not in value]
        for name, one in value.items():
            if name in known:
                missing += faults(one, known[name], document, f"{at}.{name}")
            elif rest is False:
                missing.append(f"{at}: {name} was not expected")
            elif isinstance(rest, dict):
                missing += faults(one, rest, document, f"{at}.{name}")
        return missing
    return []


@pytest.fixture
def told(ask, document):
    """Return a function that asks and returns what was answered, which is as the document says."""

    def get(path, **parameters):
        asked = ask(path + ("?" if parameters else "") + str(_query(parameters)))
        route = path if path in document["paths"] else re.sub(r"[^/]+$", "{id}", path)
        responses = document["paths"][route]["get"]["responses"]
        described = responses.get(str(asked.status_code), responses["default"])
        media_type = asked.headers["content-type"]
        content = described["content"][media_type]
        assert faults(asked.json(), content["schema"], document) == []
        get.status = asked.status_code
        return asked.json()

    return get


def _query(parameters):
    import httpx

    return httpx.QueryParams(parameters)


def test_the_document_describes_every_route(document):
    assert document["openapi"].startswith("3.")
    assert set(document["paths"]) == {
        "/health",
        "/api/search",
        "/api/node",
        "/api/neighbours",
        "/api/statement/{id}",
        "/api/timeline",
        "/api/overview",
        "/sparql",
        "/id/{name}",
    }
    for path, methods in document["paths"].items():
        assert set(methods) == ({"get", "post"} if path == "/sparql" else {"get"})
        for operation in methods.values():
            assert operation["summary"]
            assert operation["operationId"]
    names = [o["operationId"] for methods in document["paths"].values() for o in methods.values()]
    assert len(set(names)) == len(names)
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_what_the_document_refers_to_is_there(document):
    text = str(document)
    for name in re.findall(r"#/components/schemas/(\w+)", text):
        assert name in document["components"]["schemas"]


def test_the_document_names_no_place_elsewhere(ask):
    for path in ("/docs", "/redoc"):
        assert ask(path).status_code == 404


def test_health_says_what_is_served(told, served_graph):
    answer = told("/health")
    assert answer["status"] == "ok"
    assert answer["entities"] == len(entities(served_graph))
    assert answer["statements"] == len(served_graph.edges)
    assert answer["articles"] == len(served_graph.articles)


def test_search_finds_names_and_aliases(told):
    hits = told("/api/search", q="云泽大学")["hits"]
    assert hits[0] == {
        "id": UNIVERSITY,
        "iri": DEFAULT_BASE + UNIVERSITY,
        "name": "云泽大学",
        "type": "Organization",
        "alias": None,
        "degree": 1,
    }
    (hit,) = told("/api/search", q="省科技厅")["hits"]
    assert (hit["name"], hit["alias"]) == ("云泽省科学技术厅", "云泽省科技厅")


def test_search_is_bounded_and_by_class(told):
    answer = told("/api/search", q="青岚", limit=3)
    assert len(answer["hits"]) == 3
    assert sum(answer["counts"].values()) > 3
    places = told("/api/search", q="青岚", type="Place")
    assert {hit["type"] for hit in places["hits"]} == {"Place"}
    assert set(places["counts"]) == {"Place"}
    assert told("/api/search", q="")["hits"] == []
    assert told("/api/search", q="%_'\"\\\x00")["hits"] == []


@pytest.mark.parametrize("name", [SCRIPT, BACKWARDS, ODD])
def test_text_comes_as_it_is(told, name):
    hit = told("/api/search", q=name)["hits"][0]
    assert hit["name"] == name
    assert told("/api/node", id=hit["id"])["name"] == name


def test_an_entity_tells_what_is_known_of_it(told):
    answer = told("/api/node", id="project:青岚智能谷项目")
    assert answer["amounts"] == ["12亿元"]
    assert answer["type"] == "Project"
    assert told("/api/node", id=COMPANY)["aliases"] == ["朗星机器人"]
    assert told("/api/node", id=COMPANY)["subtype"] == "Company"


def test_neighbours_come_with_their_evidence(told):
    answer = told("/api/neighbours", id=UNIVERSITY)
    assert answer["entity"]["name"] == "云泽大学"
    signs, donates = answer["statements"]
    assert (signs["subject"]["name"], signs["predicate"], signs["object"]["name"]) == (
        "朗星机器人有限公司",
        "signsAgreementWith",
        "云泽大学",
    )
    assert signs["predicate_labels"]["zh"] == "签约"
    assert signs["qualifiers"] == {"date": "2031-05-06"}
    assert signs["occurrence"] == iri.occurrence_iri(DEFAULT_BASE, SIGNING)
    assert (signs["accepted"], donates["accepted"]) == (True, False)
    assert donates["modality"] == "planned"
    assert donates["evidence"][0]["attributed_to"] == "省科技厅"
    first = signs["evidence"][1]  # that of the earlier article comes before
    assert first["text"] == "会上，朗星机器人与泽大签订了人形机器人联合研发协议，总金额3亿元。"
    start = first["position"]["start"]
    assert first["text"][first["object"]["start"] - start : first["object"]["end"] - start] == "泽大"
    assert first["article"]["title"] == "云泽机器人大会在青岚举行"
    assert first["article"]["published"] == "2031-05-07"
    assert first["qualifiers"]["amount"] == "3亿元"


def test_neighbours_of_a_hub_come_in_parts(told, served_graph):
    own = {e.id for e in served_graph.edges if HUB in (e.subject, e.object)}
    seen, offset, more = [], 0, True
    while more:
        answer = told("/api/neighbours", id=HUB, limit=20, offset=offset)
        seen += [statement["id"] for statement in answer["statements"]]
        offset, more = offset + 20, answer["more"]
    assert len(seen) == len(own)
    assert set(seen) == own


def test_a_statement_by_its_id(told, served_graph, ask):
    for edge in served_graph.edges[:20]:
        answer = told(f"/api/statement/{edge.id}")
        assert answer["subject"]["id"] == edge.subject
        assert [e["text"] for e in answer["evidence"]] == [s.evidence.text for s in edge.supports]
        for evidence in answer["evidence"]:
            assert (
                ask(evidence["iri"].removeprefix("https://newskg.example"), Accept="text/turtle").status_code
                == 200
            )


def test_the_timeline_keeps_to_its_dates(told):
    (happening,) = told("/api/timeline")["occurrences"]
    assert happening["kind_labels"]["zh"] == "签约"
    assert happening["date"] == "2031-05-06"
    assert happening["agreement"] == "人形机器人联合研发协议"
    assert [party["name"] for party in happening["roles"]["party"]] == ["云泽大学", "朗星机器人有限公司"]
    assert happening["place"]["name"] == "青岚市"
    for inside in ({"since": "2031"}, {"since": "2031-05-06", "until": "2031-05-06"}, {"until": "2031-05"}):
        assert len(told("/api/timeline", **inside)["occurrences"]) == 1
    for outside in ({"since": "2031-05-07"}, {"until": "2031-04"}, {"until": "2030"}):
        assert told("/api/timeline", **outside)["occurrences"] == []


def test_the_overview_counts_by_class(told, served_graph):
    answer = told("/api/overview")
    counts = {one["name"]: one["count"] for one in answer["types"]}
    assert counts["Person"] == sum(n.type == "Person" for n in served_graph.nodes)
    assert sum(counts.values()) == answer["entities"]
    assert answer["min_confidence"] == 0.75
    degrees = [one["degree"] for one in answer["best_connected"]]
    assert degrees == sorted(degrees, reverse=True)
    assert HUB in {one["id"] for one in answer["best_connected"]}


@pytest.mark.parametrize(
    ("path", "parameters", "status", "words"),
    [
        ("/api/node", {}, 400, "id"),
        ("/api/node", {"id": "organization:无此机构"}, 404, "无此机构"),
        ("/api/node", {"id": "\x00"}, 404, "no entity"),
        ("/api/neighbours", {"id": COMPANY, "limit": "many"}, 400, "limit"),
        ("/api/neighbours", {"id": COMPANY, "limit": 501}, 400, "limit"),
        ("/api/neighbours", {"id": COMPANY, "offset": -1}, 400, "offset"),
        ("/api/neighbours", {"id": "x"}, 404, "no entity"),
        ("/api/search", {"q": "x", "limit": 0}, 400, "limit"),
        ("/api/search", {"q": "x" * 2001}, 400, "q"),
        ("/api/search", {"q": "x", "type": "Company"}, 400, "Organization"),
        ("/api/statement/0", {}, 404, "no statement"),
        ("/api/timeline", {"since": "5月6日"}, 400, "since"),
        ("/api/timeline", {"until": "2031-5-6"}, 400, "until"),
    ],
)
def test_what_cannot_be_answered_is_said(told, path, parameters, status, words):
    answer = told(path, **parameters)
    assert told.status == answer["status"] == status
    assert words in answer["detail"]


def test_answers_are_not_sent_again_to_who_has_them(ask):
    first = ask("/api/neighbours?id=" + UNIVERSITY)
    again = ask("/api/neighbours?id=" + UNIVERSITY, If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
