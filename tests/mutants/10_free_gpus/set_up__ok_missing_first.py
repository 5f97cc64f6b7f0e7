# why: finds out what is missing first, and tidies up
def set_up(machine, packages, files):
    missing_files = [name for name in files if not machine["exists"](name)]
    missing_packages = [name for name in packages if not machine["version"](name)]
    for name in missing_files:
        machine["remove"](f"tmp-{name}")
        try:
            machine["fetch"](name, f"tmp-{name}")
        except ConnectionError as error:
            raise RuntimeError(f"no network: {', '.join(missing_files + missing_packages)} missing") from error
        machine["rename"](f"tmp-{name}", name)
    for name in missing_packages:
        try:
            machine["install"](name)
        except ConnectionError as error:
            raise RuntimeError(f"no network: {', '.join(missing_packages)} missing") from error
    return missing_packages + missing_files
