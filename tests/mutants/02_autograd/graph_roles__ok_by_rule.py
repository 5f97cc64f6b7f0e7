# why: derives the words from leaf and reached
_roles = {}
_facts = (("x", True, False), ("w", True, True), ("tuned", False, True), ("spare", True, False),
          ("parts", False, True), ("copy", True, False), ("scale", True, False), ("minutes", False, True))
for _name, _leaf, _reached in _facts:
    _roles[_name] = "outside" if not _reached else "keeps" if _leaf else "passes"
role_of_x, role_of_w, role_of_tuned, role_of_spare = (_roles[n] for n in ("x", "w", "tuned", "spare"))
role_of_parts, role_of_copy, role_of_scale, role_of_minutes = (_roles[n] for n in ("parts", "copy", "scale", "minutes"))
