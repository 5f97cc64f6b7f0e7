"""The Hub as a WSGI application: which address is answered by what."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from autograde.lesson.hub import cards, describe, listing, uploads
from autograde.lesson.hub.answers import Answer, Environ, Request, Start, as_file, as_json, as_text, refusal, request
from autograde.lesson.hub.changes import branches, create, delete, owner_of
from autograde.lesson.hub.names import KINDS, Refused, RepoId, file_path, repo_id, user
from autograde.lesson.hub.store import Repo, Store

# What follows a repository's name in an address of the interface.
ACTIONS = (
    "revision",
    "tree",
    "paths-info",
    "refs",
    "commits",
    "auth-check",
    "preupload",
    "commit",
    "branch",
    "tag",
    "resolve",
)
PAGE = 1000


@dataclass(frozen=True)
class App:
    """The application over a store. only_user: whoever asks with a token is this user (inside one process); None takes
    the name from the token: hf_ada is ada's."""

    store: Store
    only_user: str | None = None
    doors: uploads.Doors = field(default_factory=uploads.Doors)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a request; nothing that comes in may end in anything but an answer."""
        head_only = environ.get("REQUEST_METHOD") == "HEAD"
        try:
            answer = self.answer(request(environ, self.who(environ)))
        except Refused as refused:
            answer = refusal(refused)
        except Exception:
            traceback.print_exc(file=sys.stderr)  # has no header in it, so no token
            answer = refusal(Refused(500, "this Hub has made a mistake; its own output says where"))
        return answer.send(start, head_only)

    def who(self, environ: Environ) -> str:
        """Who asks, "" for nobody. Raises Refused for a token that is nobody's."""
        given = str(environ.get("HTTP_AUTHORIZATION") or "")
        if not given:
            return ""
        token = given.removeprefix("Bearer ").strip()
        if self.only_user is not None:
            return self.only_user
        if not token.startswith("hf_") or not user(token[3:]):
            raise Refused(401, "Invalid credentials in Authorization header")
        return token[3:]

    def answer(self, asked: Request) -> Answer:
        """The answer to a request. Raises Refused."""
        parts, method = asked.parts, asked.method
        if parts == [""]:
            return as_text(front_page(self.store, asked.address))
        if parts[0] == "large" and len(parts) == 2 and method == "PUT":
            return self.large(asked)
        if parts[0] != "api":
            return self.beside(asked)
        if parts[1:] == ["whoami-v2"]:
            return as_json(whoami(asked.user))
        if parts[1:] == ["validate-yaml"] and method == "POST":
            why = cards.metadata(str(uploads.said(asked.body(uploads.MOST_TEXT)).get("content", "")))[1]
            return as_json({"errors": [{"message": why}] if why else [], "warnings": []})
        if parts[1:] == ["repos", "create"] and method == "POST":
            return create(self.store, asked)
        if parts[1:] == ["repos", "delete"] and method == "DELETE":
            return delete(self.store, asked)
        if len(parts) == 2 and parts[1] in KINDS:
            return self.search(asked, parts[1])
        if len(parts) >= 3 and parts[1] in KINDS:
            id, action, rest = split(parts[1], parts[2:])
            return self.about(asked, self.visible(id, asked), action, rest)
        raise unknown(asked)

    def beside(self, asked: Request) -> Answer:
        """Addresses outside of /api: a file's bytes, and where large files are announced."""
        parts = asked.parts
        kind, parts = (parts[0], parts[1:]) if parts[0] in KINDS else ("models", parts)
        if len(parts) > 4 and parts[1].endswith(".git") and parts[2:] == ["info", "lfs", "objects", "batch"]:
            repo = self.visible(repo_id(kind, parts[0], parts[1].removesuffix(".git")), asked)
            owner_of(repo.id, asked)
            return as_json(uploads.batch(self.store, self.doors, asked.address, asked.body(uploads.MOST_TEXT)))
        if len(parts) >= 5 and parts[2] in ("resolve", "raw"):
            return self.file(
                asked, self.visible(repo_id(kind, parts[0], parts[1]), asked), parts[3], "/".join(parts[4:])
            )
        if len(parts) >= 4 and parts[1] in ("resolve", "raw"):
            raise missing(parts[0])
        raise unknown(asked)

    def visible(self, id: RepoId, asked: Request) -> Repo:
        """The repository, if this user may see it."""
        repo = self.store.get(id)
        if repo.private and asked.user != id.owner:
            raise missing(str(id))
        return repo

    def search(self, asked: Request, kind: str) -> Answer:
        """A list of repositories."""
        only_reads(asked)
        known = [repo for repo in self.store.all(kind) if not repo.private or asked.user == repo.id.owner]
        figures = describe.figures(self.store.base)
        infos = [describe.info(repo, newest(repo), figures.get(f"{kind}/{repo.id}", {})) for repo in known]
        shown, further = listing.search(kind, infos, asked.query)
        return as_json(shown, headers=next_page(asked, further))

    def about(self, asked: Request, repo: Repo, action: str, rest: list[str]) -> Answer:
        """What is asked of one repository."""
        if action in CHANGES and asked.method != "GET":
            return self.change(asked, repo, action, rest)
        if action == "paths-info" and asked.method == "POST" and len(rest) == 1:
            return self.paths(asked, repo, rest[0])
        only_reads(asked)
        if action == "revision":
            return self.info(asked, repo, rest[0] if rest else "")
        if action == "auth-check":
            return as_json({})
        if action == "refs":
            return as_json(refs(repo))
        if action == "commits" and len(rest) == 1:
            return as_json(history(repo, rest[0]))
        if action == "tree" and rest:
            return self.tree(asked, repo, rest[0], "/".join(rest[1:]))
        if action == "resolve" and len(rest) >= 2:
            return self.file(asked, repo, rest[0], "/".join(rest[1:]))
        raise unknown(asked)

    def info(self, asked: Request, repo: Repo, revision: str) -> Answer:
        """All about a repository at a revision."""
        commit = repo.at(revision) if revision else newest(repo)
        figure = describe.figures(self.store.base).get(f"{repo.id.kind}/{repo.id}", {})
        made = describe.info(repo, commit, figure, blobs=asked.query.get("blobs", [""])[-1].lower() in ("true", "1"))
        return as_json(listing.shorten(repo.id.kind, made, asked.query, whole=True))

    def tree(self, asked: Request, repo: Repo, revision: str, below: str) -> Answer:
        """Files and folders at a revision, a page at a time."""
        commit = repo.at(revision)
        recursive, expand = (
            asked.query.get(name, [""])[-1].lower() in ("true", "1") for name in ("recursive", "expand")
        )
        found = describe.tree(repo, commit, file_path(below) if below else "", recursive, expand)
        start = int(text) if (text := asked.query.get("cursor", ["0"])[-1]).isdecimal() and len(text) < 9 else 0
        further = start + PAGE if start + PAGE < len(found) else None
        return as_json(found[start : start + PAGE], headers=next_page(asked, further))

    def paths(self, asked: Request, repo: Repo, revision: str) -> Answer:
        """What is known of some paths; those that are not there are left out."""
        commit = repo.at(revision)
        body = asked.body(uploads.MOST_TEXT)
        if "json" in asked.environ.get("CONTENT_TYPE", ""):
            made = uploads.said(body)
            names, expand = cards.words(made.get("paths", [])), made.get("expand") is True
        else:
            form = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20_000)
            names, expand = form.get("paths", []), form.get("expand", [""])[-1].lower() == "true"
        found: list[dict[str, Any]] = []
        for name in names:
            if file := commit.files.get(name):
                found.append(describe.entry(file, repo, commit, expand))
            elif any(path.startswith(f"{name}/") for path in commit.files):
                found.append(describe.folder(name, commit, expand))
        return as_json(found)

    def file(self, asked: Request, repo: Repo, revision: str, path: str) -> Answer:
        """A file's bytes, or its headers."""
        only_reads(asked)
        commit = repo.at(revision)
        if (file := commit.files.get(path)) is None:
            refused = Refused(404, f"{path} does not exist on {revision!r}", "EntryNotFound")
            return refusal(refused, [("X-Repo-Commit", commit.id)])  # the client remembers that it is not there
        return as_file(file, commit.id, asked)

    def change(self, asked: Request, repo: Repo, action: str, rest: list[str]) -> Answer:
        """A push, and what changes branches and tags. Raises Refused for who may not."""
        owner_of(repo.id, asked)
        name = "/".join(rest)
        if action in ("branch", "tag"):
            return branches(self.store, repo, asked, action, name)
        if asked.method != "POST" or not name:
            raise unknown(asked)
        if asked.query.get("create_pr"):
            raise Refused(501, "this Hub has no pull requests: push to a branch of your own")
        if action == "preupload":
            return as_json(uploads.modes(repo, name, asked.body(uploads.MOST_TEXT)))
        body = asked.body(uploads.MOST_COMMIT)
        with self.store.here()[1]:
            repo = uploads.commit(self.store, self.store.get(repo.id), name, body, asked.user)
        made = repo.refs[name]
        said = {"success": True, "commitOid": made, "commitUrl": f"{page_of(repo, asked)}/commit/{made}"}
        return as_json(said | {"hookOutput": "", "pullRequestUrl": None})

    def large(self, asked: Request) -> Answer:
        """A large file arrives at the address that was given out for it."""
        size = self.doors.check(asked.parts[1], asked.query)
        if (length := asked.length()) not in (None, size):
            raise Refused(400, f"the file has {length} bytes; {size} were announced")
        self.store.put(Bounded(asked.environ["wsgi.input"], size + (length is None)), asked.parts[1], size)
        return as_json({})


CHANGES = ("preupload", "commit", "branch", "tag")


class Bounded:
    """A request's body that ends where it was said to: a server's own never does."""

    def __init__(self, source: Any, size: int) -> None:
        self.source, self.left = source, size

    def read(self, most: int, /) -> bytes:
        """The next bytes, b"" at the end."""
        data: bytes = self.source.read(min(most, self.left)) if self.left else b""
        self.left -= len(data)
        return data


def split(kind: str, parts: list[str]) -> tuple[RepoId, str, list[str]]:
    """A repository, what is asked of it ("revision" for nothing in particular), and the rest of the address."""
    if len(parts) == 1 or parts[1] in ACTIONS:
        raise missing(parts[0])  # every repository of this Hub is somebody's
    action, rest = (parts[2], parts[3:]) if len(parts) > 2 else ("revision", [])
    return repo_id(kind, parts[0], parts[1]), action, rest


def missing(name: str) -> Refused:
    """The answer for a repository that is not there, or that the user may not know of."""
    return Refused(404, f"Repository not found: {name} is not on this Hub", "RepoNotFound")


def unknown(asked: Request) -> Refused:
    """The answer for what this Hub does not speak."""
    return Refused(404, f"this Hub does not know {asked.method} /{'/'.join(asked.parts)[:200]} (see docs/hub.md)")


def only_reads(asked: Request) -> None:
    """Raises Refused for a method that would change something."""
    if asked.method not in ("GET", "HEAD"):
        raise Refused(405, f"this address is read, not {asked.method}")


def newest(repo: Repo) -> Any:
    """The newest commit of the main branch, or of any."""
    return repo.at("main" if "main" in repo.refs else next(iter(repo.refs.values())))


def refs(repo: Repo) -> dict[str, Any]:
    """Branches and tags."""
    heads = [{"name": name, "ref": f"refs/heads/{name}", "targetCommit": id} for name, id in repo.refs.items()]
    tags = [{"name": name, "ref": f"refs/tags/{name}", "targetCommit": id} for name, id in repo.tags.items()]
    return {"branches": heads, "converts": [], "tags": tags}


def history(repo: Repo, revision: str) -> list[dict[str, Any]]:
    """The commits that led to a revision, newest first."""
    commit: Any = repo.at(revision)
    found = []
    while commit is not None:
        said = {"id": commit.id, "title": commit.title, "message": commit.message, "date": commit.date}
        found.append(said | {"authors": [{"user": commit.author}]})
        commit = repo.commits.get(commit.parent)
    return found


def next_page(asked: Request, further: int | None) -> list[tuple[str, str]]:
    """The header that tells where the list goes on."""
    if further is None:
        return []
    pairs = [(name, value) for name, values in asked.query.items() if name != "cursor" for value in values]
    path = "/".join(asked.parts)
    return [("Link", f'<{asked.address}/{path}?{urlencode([*pairs, ("cursor", further)])}>; rel="next"')]


def page_of(repo: Repo, asked: Request) -> str:
    """The address of a repository's page."""
    return f"{asked.address}/{'' if repo.id.kind == 'models' else repo.id.kind + '/'}{repo.id}"


def whoami(name: str) -> dict[str, Any]:
    """Who the token belongs to. Raises Refused for nobody."""
    if not name:
        raise Refused(401, "Invalid username or password.")
    token = {"displayName": "teaching Hub", "role": "write", "createdAt": "2026-01-01T00:00:00.000Z"}
    said = {"type": "user", "id": name, "name": name, "fullname": name, "isPro": False, "canPay": False, "orgs": []}
    return said | {"emailVerified": False, "avatarUrl": "", "auth": {"type": "access_token", "accessToken": token}}


def front_page(store: Store, address: str) -> str:
    """What a person sees who opens the address in a browser."""
    lines = [f"The Hub of Measure First, at {address}", "", "  export HF_ENDPOINT=" + address, ""]
    for kind in KINDS:
        public = [str(repo.id) for repo in store.all(kind) if not repo.private]
        lines += [f"{kind}:", *(f"  {name}" for name in public or ["(none)"]), ""]
    return "\n".join(lines)
