# mistake: says that the network is gone and not what is missing
# caught: check_set_up
# says: names what is missing
def set_up(machine, packages, files):
    done = []
    for package in packages:
        if machine["version"](package) is None:
            try:
                machine["install"](package)
            except ConnectionError as error:
                raise RuntimeError("there is no network") from error
            done.append(package)
    for name in files:
        if not machine["exists"](name):
            try:
                machine["fetch"](name, name + ".part")
            except ConnectionError as error:
                raise RuntimeError("there is no network") from error
            machine["rename"](name + ".part", name)
            done.append(name)
    return done
