# mistake: keeps the missing network quiet
# caught: check_set_up
# says: names what is missing without a network
def set_up(machine, packages, files):
    done = []
    for package in packages:
        if machine["version"](package) is None:
            try:
                machine["install"](package)
                done.append(package)
            except ConnectionError:
                pass
    for name in files:
        if not machine["exists"](name):
            try:
                machine["fetch"](name, name + ".part")
                machine["rename"](name + ".part", name)
                done.append(name)
            except ConnectionError:
                pass
    return done
