# mistake: takes a .part that lies there for a whole file
# caught: check_set_up
# says: is half a file taken for a whole one
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
                if not machine["exists"](name + ".part"):
                    machine["fetch"](name, name + ".part")
            except ConnectionError as error:
                raise RuntimeError(f"the file {name} is missing") from error
            machine["rename"](name + ".part", name)
            done.append(name)
    return done
