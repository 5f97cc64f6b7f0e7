# mistake: returns nothing
# caught: check_set_up
# says: what it returns
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
                machine["fetch"](name, name + ".part")
            except ConnectionError as error:
                raise RuntimeError(f"the file {name} is missing") from error
            machine["rename"](name + ".part", name)
            done.append(name)
