"""Repositories, branches and tags: made and taken away."""

from __future__ import annotations

from dataclasses import replace

from autograde.lesson.hub import uploads
from autograde.lesson.hub.answers import Answer, Request, as_json
from autograde.lesson.hub.names import KINDS, Refused, RepoId, branch, repo_id
from autograde.lesson.hub.store import MAIN, Repo, Store

SDKS = ("gradio", "streamlit", "docker", "static")


def owner_of(id: RepoId, asked: Request) -> None:
    """Raises Refused where the user may not write to this repository."""
    if not asked.user:
        raise Refused(401, "Invalid username or password: who pushes logs in first")
    if asked.user != id.owner:
        raise Refused(403, f"{asked.user} may not write to {id}: push to {asked.user}/{id.name}")


def _named(asked: Request) -> tuple[RepoId, dict[str, object]]:
    """The repository that a request to make or delete one names, and the whole request."""
    made = uploads.said(asked.body(uploads.MOST_TEXT))
    kind = f"{made.get('type') or 'model'}s"
    if kind not in KINDS:
        raise Refused(400, f"this Hub has models, datasets and spaces, no {kind[:20]}")
    return repo_id(kind, str(made.get("organization") or asked.user), str(made.get("name"))), made


def create(store: Store, asked: Request) -> Answer:
    """Make a repository of the user's."""
    if not asked.user:
        raise Refused(401, "Invalid username or password: who makes a repository logs in first")
    id, made = _named(asked)
    owner_of(id, asked)
    sdk = str(made.get("sdk") or "")
    if id.kind == "spaces" and sdk not in SDKS:
        raise Refused(400, f"a space needs an sdk: one of {', '.join(SDKS)}")
    private = made.get("private") is True or made.get("visibility") == "private"
    address = f"{asked.address}/{'' if id.kind == 'models' else id.kind + '/'}{id}"
    if store.find(id) is not None:
        return as_json({"error": f"You already created this {id.kind[:-1]} repo", "url": address}, 409)
    repo = store.create(id, private, sdk, asked.user)
    return as_json({"url": address, "name": str(id), "id": repo.refs[MAIN]})


def delete(store: Store, asked: Request) -> Answer:
    """Take a repository of the user's away."""
    id, _ = _named(asked)
    store.get(id)
    owner_of(id, asked)
    store.delete(id)
    return as_json({})


def branches(store: Store, repo: Repo, asked: Request, action: str, name: str) -> Answer:
    """Make or take away a branch or a tag; a tag's address names the revision, and the request its name."""
    made = uploads.said(asked.body(uploads.MOST_TEXT))
    with store.here()[1]:
        repo = store.get(repo.id)
        known = repo.refs if action == "branch" else repo.tags
        if asked.method == "DELETE":
            if name not in known:
                raise Refused(404, f"there is no {action} {name}", "RevisionNotFound")
            if action == "branch" and name == MAIN:
                raise Refused(403, "the main branch stays")
            known = {other: id for other, id in known.items() if other != name}
        elif asked.method == "POST":
            start, name = (
                (str(made.get("startingPoint") or MAIN), name) if action == "branch" else (name, str(made.get("tag")))
            )
            if name in repo.refs or name in repo.tags:
                raise Refused(409, f"there is a branch or tag {name} already")
            known = known | {branch(name): repo.at(start).id}
        else:
            raise Refused(405, f"a {action} is made and deleted, not {asked.method}")
        store.write(replace(repo, refs=known) if action == "branch" else replace(repo, tags=known))
    return as_json({})
