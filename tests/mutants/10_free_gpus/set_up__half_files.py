# mistake: fetches under the file's own name
# caught: check_set_up
# says: fetch it under another name, and rename it when it is whole
def set_up(machine, packages, files):
    done = []
    for package in packages:
        if machine["version"](package) is None:
            try:
                machine["install"](package)
            except ConnectionError as error:
                raise RuntimeError(f"the package {package} is missing") from error
            done.append(package)
    for name in files:
        if not machine["exists"](name):
            try:
                machine["fetch"](name, name)
            except ConnectionError as error:
                raise RuntimeError(f"the file {name} is missing") from error
            pass
            done.append(name)
    return done
