"""The Hub's application: what it answers, what it refuses and in which words, and what no request can make it do."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hub_sample import Caller, caller, lay_out

from autograde.lesson.hub.store import Store

MODEL = "/api/models/measure-first/tiny-encoder"
ADA = "hf_ada"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("hub"))


@pytest.fixture
def hub(base: Path, tmp_path: Path) -> Caller:
    """A Hub over the sample, and an empty layer."""
    return caller(base, tmp_path / "pushed")


@pytest.fixture
def mine(hub: Caller) -> Caller:
    """The same with ada's empty model in it."""
    hub.json("POST", "/api/repos/create", {"name": "lamp", "type": "model"}, ADA)
    assert hub.status == 200
    return hub


def push(hub: Caller, *lines: dict[str, Any], token: str = ADA, header: dict[str, Any] | None = None) -> Any:
    """Commit these lines to ada's model."""
    first = {"key": "header", "value": {"summary": "a test"} | (header or {})}
    body = "\n".join(json.dumps(line) for line in (first, *lines)).encode()
    return hub.json("POST", "/api/models/ada/lamp/commit/main", body, token)


def small(path: Any, data: bytes = b"x") -> dict[str, Any]:
    """A commit's line for a small file."""
    return {"key": "file", "value": {"path": path, "content": base64.b64encode(data).decode(), "encoding": "base64"}}


def ids(hub: Caller, query: str) -> list[str]:
    """The ids of the models that a query finds."""
    found = hub.json("GET", f"/api/models?{query}")
    assert hub.status == 200, found
    return [info["id"] for info in found]


# Reading


def test_a_models_info_says_what_its_card_its_config_and_its_weights_say(hub: Caller) -> None:
    info = hub.json("GET", MODEL)
    assert info["tags"] == ["transformers", "safetensors", "bert", "text-classification", "tiny", "en", "license:mit"]
    assert (info["pipeline_tag"], info["library_name"]) == ("text-classification", "transformers")
    assert (info["downloads"], info["likes"], info["createdAt"]) == (40, 3, "2026-10-01T00:00:00.000Z")
    numbers = 17 * 16 + 32 * 16 + 2 * 16 + 3 * 32 + 4 * 272 + 544 + 528 + 272 + 34  # embeddings, norms, linear layers
    assert info["safetensors"] == {"parameters": {"F32": numbers}, "total": numbers}
    assert info["cardData"]["license"] == "mit"
    assert {file["rfilename"] for file in info["siblings"]} >= {"config.json", "model.safetensors", "README.md"}


def test_the_same_files_have_the_same_commit_wherever_they_lie(base: Path, tmp_path: Path) -> None:
    other = caller(lay_out(tmp_path / "copy"), tmp_path / "a").json("GET", MODEL)
    assert other["sha"] == caller(base, tmp_path / "b").json("GET", MODEL)["sha"]


def test_a_file_comes_with_its_hash_its_length_and_its_commit(hub: Caller, base: Path) -> None:
    data = (base / "models/measure-first/tiny-encoder/config.json").read_bytes()
    assert hub("GET", "/measure-first/tiny-encoder/resolve/main/config.json") == data
    git = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    assert (hub.headers["ETag"], hub.headers["Content-Length"]) == (f'"{git}"', str(len(data)))
    assert hub.headers["X-Repo-Commit"] == hub.json("GET", MODEL)["sha"]


def test_a_large_file_is_named_by_its_sha256(hub: Caller, base: Path) -> None:
    data = (base / "models/measure-first/tiny-encoder/model.safetensors").read_bytes()
    assert hub("HEAD", "/measure-first/tiny-encoder/resolve/main/model.safetensors") == b""
    sha256 = hashlib.sha256(data).hexdigest()
    assert (hub.headers["X-Linked-Etag"], hub.headers["X-Linked-Size"]) == (f'"{sha256}"', str(len(data)))


@pytest.mark.parametrize(
    ("asked", "status", "part", "told"),
    [
        ("bytes=2-4", 206, slice(2, 5), "bytes 2-4/{}"),
        ("bytes=5-", 206, slice(5, None), "bytes 5-{last}/{}"),
        ("bytes=-3", 206, slice(-3, None), "bytes {third}-{last}/{}"),
        ("bytes=0-999999", 206, slice(0, None), "bytes 0-{last}/{}"),
        ("bytes=1-2,4-5", 200, slice(None), None),
        ("lines=1-2", 200, slice(None), None),
    ],
)
def test_a_range_is_those_bytes(
    hub: Caller, base: Path, asked: str, status: int, part: slice, told: str | None
) -> None:
    data = (base / "models/measure-first/tiny-encoder/config.json").read_bytes()
    got = hub("GET", "/measure-first/tiny-encoder/resolve/main/config.json", RANGE=asked)
    size = len(data)
    words = told.format(size, last=size - 1, third=size - 3) if told else None
    assert (hub.status, got, hub.headers.get("Content-Range")) == (status, data[part], words)


def test_a_range_beyond_the_end_is_refused(hub: Caller) -> None:
    hub("GET", "/measure-first/tiny-encoder/resolve/main/config.json", RANGE="bytes=99999-")
    assert hub.status == 416


def test_who_has_the_file_already_is_told_so(hub: Caller) -> None:
    hub("HEAD", "/measure-first/tiny-encoder/resolve/main/config.json")
    body = hub("GET", "/measure-first/tiny-encoder/resolve/main/config.json", IF_NONE_MATCH=hub.headers["ETag"])
    assert (hub.status, body) == (304, b"")


@pytest.mark.parametrize(
    ("address", "code", "why"),
    [
        ("/api/models/measure-first/none", "RepoNotFound", "there is no model measure-first/none on this Hub"),
        ("/api/models/bert-base-uncased", "RepoNotFound", "bert-base-uncased is not on this Hub"),
        ("/bert-base-uncased/resolve/main/config.json", "RepoNotFound", "bert-base-uncased is not on this Hub"),
        (f"{MODEL}/revision/v2", "RevisionNotFound", "Invalid rev id: v2"),
        ("/measure-first/tiny-encoder/resolve/v2/config.json", "RevisionNotFound", "Invalid rev id: v2"),
        ("/measure-first/tiny-encoder/resolve/main/none.json", "EntryNotFound", "none.json does not exist on 'main'"),
        (f"{MODEL}/tree/main/none", "EntryNotFound", "none does not exist on"),
        ("/api/telepathy", None, "this Hub does not know GET /api/telepathy (see docs/hub.md)"),
    ],
)
def test_what_is_not_there_has_the_clients_error_code(hub: Caller, address: str, code: str | None, why: str) -> None:
    said = hub.json("GET", address)
    assert (hub.status, hub.headers.get("X-Error-Code")) == (404, code)
    assert why in said["error"] and hub.headers["X-Error-Message"] == said["error"]


def test_of_a_missing_file_the_commit_is_told_so_that_the_client_remembers(hub: Caller) -> None:
    hub("HEAD", "/measure-first/tiny-encoder/resolve/main/none.json")
    assert hub.headers["X-Repo-Commit"] == hub.json("GET", MODEL)["sha"]


# Searching


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["measure-first/tiny-decoder", "measure-first/tiny-encoder", "someone/card-only"]),
        ("search=TINY", ["measure-first/tiny-decoder", "measure-first/tiny-encoder"]),
        ("search=tiny+decoder", ["measure-first/tiny-decoder"]),
        ("author=someone", ["someone/card-only"]),
        ("pipeline_tag=text-classification", ["measure-first/tiny-encoder"]),
        ("filter=translation", ["someone/card-only"]),
        ("filter=license:mit&filter=en", ["measure-first/tiny-encoder"]),
        ("filter=license:mit,language:de", ["someone/card-only"]),
        ("filter=transformers&sort=likes", ["measure-first/tiny-encoder"]),
        ("filter=tiny&sort=likes", ["measure-first/tiny-encoder", "measure-first/tiny-decoder"]),
        ("filter=tiny&sort=lastModified", ["measure-first/tiny-encoder", "measure-first/tiny-decoder"]),
        ("filter=tiny&sort=createdAt", ["measure-first/tiny-decoder", "measure-first/tiny-encoder"]),
        ("filter=tiny&sort=downloads&direction=1", ["measure-first/tiny-encoder", "measure-first/tiny-decoder"]),
        ("num_parameters=min:1K,max:1M", ["measure-first/tiny-encoder"]),
        ("num_parameters=min:1B", []),
        ("filter=nothing-has-this", []),
    ],
)
def test_a_search_finds_by_name_owner_task_and_tags_in_the_order_asked_for(
    hub: Caller, query: str, found: list[str]
) -> None:
    assert ids(hub, query) == found


def test_a_list_goes_on_where_its_page_ends(hub: Caller) -> None:
    assert ids(hub, "limit=2&filter=") == ["measure-first/tiny-decoder", "measure-first/tiny-encoder"]
    link = hub.headers["Link"]
    assert link == '<http://hub.test/api/models?limit=2&filter=&cursor=2>; rel="next"'
    assert ids(hub, link.partition("?")[2].partition(">")[0]) == ["someone/card-only"]
    assert "Link" not in hub.headers


def test_a_list_says_little_unless_more_is_asked_for(hub: Caller) -> None:
    short, full, only = (
        hub.json("GET", f"/api/models?search=encoder{more}")[0] for more in ("", "&full=True", "&expand=sha")
    )
    assert "siblings" not in short and "sha" not in short and "cardData" not in short
    assert full["sha"] and full["siblings"]
    assert set(only) == {"_id", "id", "sha"}
    assert hub.json("GET", "/api/models?search=encoder&cardData=True")[0]["cardData"]["license"] == "mit"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("apps=ollama", "this Hub cannot search models by 'apps'"),
        ("sort=beauty", "this Hub cannot sort by 'beauty': choose one of downloads, likes"),
        ("direction=up", "direction is 'up': -1 (the largest first) or 1"),
        ("limit=many", "limit is 'many', not a whole number"),
        ("expand=secrets", "this Hub cannot expand 'secrets': choose among author"),
        ("num_parameters=big", "num_parameters is 'big': write it as \"min:1M,max:2B\""),
    ],
)
def test_a_search_that_cannot_be_done_is_refused_in_words(hub: Caller, query: str, why: str) -> None:
    said = hub.json("GET", f"/api/models?{query}")
    assert hub.status == 400
    assert said["error"].startswith(why)


# Pushing


def test_a_push_makes_a_commit_that_can_be_read_back(mine: Caller) -> None:
    before = mine.json("GET", "/api/models/ada/lamp")["sha"]
    said = push(mine, small("README.md", b"# Lamp"), small("a/b.txt", b"deep"))
    assert said["success"] and said["commitUrl"] == f"http://hub.test/ada/lamp/commit/{said['commitOid']}"
    assert mine("GET", "/ada/lamp/resolve/main/a/b.txt") == b"deep"
    assert mine("GET", f"/ada/lamp/resolve/{before}/.gitattributes").startswith(b"*.7z filter=lfs")
    assert [commit["title"] for commit in mine.json("GET", "/api/models/ada/lamp/commits/main")] == [
        "a test",
        "initial commit",
    ]
    tree = mine.json("GET", "/api/models/ada/lamp/tree/main")
    assert [(entry["type"], entry["path"]) for entry in tree] == [
        ("directory", "a"),
        ("file", ".gitattributes"),
        ("file", "README.md"),
    ]


def test_a_large_file_is_sent_to_a_signed_address_and_then_committed(mine: Caller) -> None:
    data = bytes(range(256)) * 10
    sha256 = hashlib.sha256(data).hexdigest()
    announced = {"operation": "upload", "hash_algo": "sha256", "objects": [{"oid": sha256, "size": len(data)}]}
    large = {"key": "lfsFile", "value": {"path": "m.safetensors", "algo": "sha256", "oid": sha256, "size": len(data)}}
    assert "its bytes have not arrived" in push(mine, large)["error"]
    batch = mine.json("POST", "/ada/lamp.git/info/lfs/objects/batch", announced, ADA)
    address = batch["objects"][0]["actions"]["upload"]["href"].removeprefix("http://hub.test")
    mine("PUT", address, data)
    assert mine.status == 200
    assert push(mine, large)["success"]
    assert mine("GET", "/ada/lamp/resolve/main/m.safetensors") == data
    assert "actions" not in mine.json("POST", "/ada/lamp.git/info/lfs/objects/batch", announced, ADA)["objects"][0]


@pytest.mark.parametrize("spoil", ["sign=0", "size=1&size", "until=1&until", ""])
def test_an_address_that_was_not_given_out_takes_nothing(mine: Caller, spoil: str) -> None:
    sha256 = hashlib.sha256(b"abc").hexdigest()
    announced = {"operation": "upload", "objects": [{"oid": sha256, "size": 3}]}
    batch = mine.json("POST", "/ada/lamp.git/info/lfs/objects/batch", announced, ADA)
    href = batch["objects"][0]["actions"]["upload"]["href"].removeprefix("http://hub.test")
    path, _, query = href.partition("?")
    name = spoil.partition("=")[0] if spoil else ""
    address = f"{path}?" + "&".join(spoil.split("&")[0] if p.startswith(f"{name}=") else p for p in query.split("&"))
    mine("PUT", address if spoil else path, b"abc")
    assert mine.status == 403
    mine("PUT", href, b"abc")
    assert mine.status == 200  # the twin: the very address takes it


@pytest.mark.parametrize("data", [b"ab", b"abcd", b"abx"])
def test_a_large_file_that_is_not_the_announced_one_is_not_kept(mine: Caller, data: bytes, tmp_path: Path) -> None:
    sha256 = hashlib.sha256(b"abc").hexdigest()
    announced = {"operation": "upload", "objects": [{"oid": sha256, "size": 3}]}
    batch = mine.json("POST", "/ada/lamp.git/info/lfs/objects/batch", announced, ADA)
    mine("PUT", batch["objects"][0]["actions"]["upload"]["href"].removeprefix("http://hub.test"), data)
    assert mine.status == 400
    kept = [file.name for file in (tmp_path / "pushed/objects").iterdir()]
    assert sha256 not in kept and len(kept) == 1  # .gitattributes, and no part of what came


BAD_PATHS = [
    "../out.txt", "a/../../out.txt", "/etc/passwd", "a//b", "a/./b", ".", "..", "", "a\\b", "a/.git/config",
    ".GIT/hooks/x",
    "a\nb", "a\0b", "x" * 201, "a/" * 600 + "b", "\ud800", 7, None, ["a"],
]  # fmt: skip


@pytest.mark.parametrize("path", BAD_PATHS)
@pytest.mark.parametrize("key", ["file", "lfsFile", "deletedFile", "deletedFolder"])
def test_no_path_leads_out_of_a_repository(mine: Caller, tmp_path: Path, key: str, path: Any) -> None:
    before = mine.json("GET", "/api/models/ada/lamp")["sha"]
    line = small(path)
    line["key"] = key
    said = push(mine, line)
    assert mine.status == 400 and "is no path of a file" in said["error"]
    assert mine.json("GET", "/api/models/ada/lamp")["sha"] == before
    assert {entry.name for entry in tmp_path.iterdir()} == {"pushed"}


@pytest.mark.parametrize("name", ["..", "../..", "a/../b", "a--b", ".hidden", "a.git", "x" * 97, "", "a b", "%2e%2e"])
def test_no_repository_is_called_so(hub: Caller, tmp_path: Path, name: str) -> None:
    hub.json("POST", "/api/repos/create", {"name": name, "type": "model"}, ADA)
    assert hub.status == 400
    assert not (tmp_path / "pushed").exists()


@pytest.mark.parametrize("way", ["..", "%2e%2e", "..%2f..", "%2e%2e%2f%2e%2e"])
def test_no_address_leads_out_of_the_folder(hub: Caller, base: Path, way: str) -> None:
    (base / "secret.txt").write_text("secret")
    for address in (
        f"/measure-first/tiny-encoder/resolve/main/{way}/{way}/{way}/secret.txt",
        f"/measure-first/{way}/resolve/main/secret.txt",
        f"/{way}/{way}/resolve/main/secret.txt",
        f"/datasets/{way}/{way}/resolve/main/secret.txt",
        f"/api/models/{way}/{way}/tree/main",
        f"/large/{way}/secret.txt",
    ):
        assert b"secret" not in hub("GET", address).replace(b"secret.txt", b""), address
        assert 400 <= hub.status < 500, address


@pytest.mark.parametrize(
    ("token", "status", "why"),
    [
        ("", 401, "who pushes logs in first"),
        ("hf_bob", 403, "bob may not write to ada/lamp: push to bob/lamp"),
        ("hf_Ada!", 401, "Invalid credentials"),
        ("ada", 401, "Invalid credentials"),
    ],
)
def test_only_its_owner_writes_to_a_repository(mine: Caller, token: str, status: int, why: str) -> None:
    said = push(mine, small("a.txt"), token=token)
    assert (mine.status, why in said["error"]) == (status, True)


def test_the_courses_own_is_nobodys_to_change(hub: Caller) -> None:
    body = b'{"key":"header","value":{"summary":"x"}}'
    said = hub.json("POST", f"{MODEL}/commit/main", body, "hf_measure-first")
    assert (hub.status, "is the course's own" in said["error"]) == (403, True)
    hub.json(
        "DELETE", "/api/repos/delete", {"name": "tiny-encoder", "organization": "measure-first"}, "hf_measure-first"
    )
    assert hub.status == 403


def test_a_private_repository_is_not_there_for_others(hub: Caller) -> None:
    hub.json("POST", "/api/repos/create", {"name": "diary", "private": True}, ADA)
    for token, status in ((ADA, 200), ("hf_bob", 404), ("", 404)):
        hub.json("GET", "/api/models/ada/diary", token=token)
        assert hub.status == status
        hub("GET", "/ada/diary/resolve/main/.gitattributes", token=token)
        assert hub.status == status
        found = [info["id"] for info in hub.json("GET", "/api/models", token=token)]
        assert ("ada/diary" in found) == (status == 200)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"not json", "the request is no JSON"),
        (b'["a list"]', "the request is no JSON object"),
        (b'{"key":"header","value":{"summary":" "}}', "a commit needs a summary"),
        (b'{"key":"header","value":{"summary":"x"}}\n{"key":"exec","value":{"path":"a"}}', "this Hub knows no 'exec'"),
        (b'{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":7}', "line 'file' says nothing"),
        (
            b'{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":{"path":"a","content":"!","encoding":"base64"}}',
            "a: its content is no base64",
        ),
        (b"[" * 100_000, "the request is no JSON"),
    ],
)
def test_a_commit_that_makes_no_sense_is_refused_in_words(mine: Caller, body: bytes, why: str) -> None:
    said = mine.json("POST", "/api/models/ada/lamp/commit/main", body, ADA)
    assert (mine.status, why in said["error"]) == (400, True), said


def test_a_file_cannot_be_a_folder_too(mine: Caller) -> None:
    said = push(mine, small("a"), small("a/b"))
    assert (mine.status, said["error"]) == (400, "a cannot be a file and a folder (a/b)")


def test_a_commit_onto_a_branch_that_moved_on_is_refused(mine: Caller) -> None:
    head = mine.json("GET", "/api/models/ada/lamp")["sha"]
    push(mine, small("a.txt"), header={"parentCommit": head})
    assert mine.status == 200
    push(mine, small("b.txt"), header={"parentCommit": head})
    assert mine.status == 412


def test_what_was_deleted_is_gone_from_the_branch_and_not_from_its_history(mine: Caller) -> None:
    made = push(mine, small("d/a.txt", b"a"), small("b.txt"))["commitOid"]
    push(mine, {"key": "deletedFolder", "value": {"path": "d/"}}, {"key": "deletedFile", "value": {"path": "b.txt"}})
    assert [file["rfilename"] for file in mine.json("GET", "/api/models/ada/lamp")["siblings"]] == [".gitattributes"]
    assert mine("GET", f"/ada/lamp/resolve/{made}/d/a.txt") == b"a"


def test_branches_and_tags_are_made_and_deleted(mine: Caller) -> None:
    address = "/api/models/ada/lamp"
    mine.json("POST", f"{address}/branch/{quote('try/out', safe='')}", {}, ADA)
    mine.json("POST", f"{address}/tag/main", {"tag": "v1"}, ADA)
    refs = mine.json("GET", f"{address}/refs")
    assert [branch["name"] for branch in refs["branches"]] == ["main", "try/out"]
    assert [tag["ref"] for tag in refs["tags"]] == ["refs/tags/v1"]
    assert mine("GET", f"/ada/lamp/resolve/{quote('try/out', safe='')}/.gitattributes")
    mine.json("DELETE", f"{address}/branch/main", token=ADA)
    assert mine.status == 403
    mine.json("DELETE", f"{address}/branch/{quote('try/out', safe='')}", token=ADA)
    assert [branch["name"] for branch in mine.json("GET", f"{address}/refs")["branches"]] == ["main"]


def test_more_than_the_hub_takes_is_refused_and_nothing_of_it_stays(base: Path, tmp_path: Path) -> None:
    hub = caller(base, tmp_path / "pushed", most=4000)
    hub.json("POST", "/api/repos/create", {"name": "lamp"}, ADA)
    push(hub, small("a.txt", b"a" * 2000))
    assert hub.status == 200
    said = push(hub, small("b.txt", b"b" * 3000))
    assert (hub.status, said["error"]) == (413, "this Hub takes 0 MiB of pushed files in all, and that is reached")
    assert "b.txt" not in str(hub.json("GET", "/api/models/ada/lamp")["siblings"])


def test_a_body_longer_than_is_read_is_refused_before_it_is_read(mine: Caller) -> None:
    mine("POST", "/api/repos/create", b"{}", ADA, CONTENT_LENGTH=str(1 << 40))
    assert mine.status == 413


@pytest.mark.parametrize(
    "request_line",
    [("GET", "/%ff%fe"), ("GET", "/api/models/%00/x"), ("GET", "/" + "a" * 9000), ("GET", "/?" + "a=1&" * 300)],
)
def test_an_address_that_makes_no_sense_gets_an_answer(hub: Caller, request_line: tuple[str, str]) -> None:
    hub(*request_line)
    assert 400 <= hub.status < 500


def test_a_token_is_in_no_answer_and_no_output(hub: Caller, capfd: pytest.CaptureFixture[str]) -> None:
    secret = "hf_AVerySecretTokenOfSomebody"
    for method, address in (("GET", "/api/whoami-v2"), ("POST", "/api/repos/create"), ("GET", MODEL), ("PUT", "/x")):
        said = hub(method, address, token=secret)
        assert b"Secret" not in said and "Secret" not in str(hub.headers)
    assert capfd.readouterr() == ("", "")


def test_our_own_mistake_is_answered_and_its_traceback_shows_no_token(
    hub: Caller, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Store, "get", lambda *_: 1 // 0)
    said = hub.json("GET", MODEL, token="hf_quite-secret")
    assert (hub.status, said) == (500, {"error": "this Hub has made a mistake; its own output says where"})
    err = capfd.readouterr().err
    assert "ZeroDivisionError" in err and "quite-secret" not in err


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("---\nlicense: mit\n---\n", ""),
        ("# no metadata", "there is no metadata"),
        ("---\nlicense: [\n---\n", "the metadata is no YAML"),
        ("---\n- a\n---\n", "the metadata is no list of `name: value`"),
        ("---\na: &a [x]\nb: *a\n---\n", "references (*name) are not read here"),
        ("---\na: !!python/object/apply:os.system [x]\n---\n", "the metadata is no YAML"),
    ],
)
def test_a_cards_metadata_is_read_with_care(hub: Caller, text: str, why: str) -> None:
    errors = hub.json("POST", "/api/validate-yaml", {"content": text, "repoType": "model"})["errors"]
    assert [why in error["message"] for error in errors] == ([True] if why else [])
