# why: each file written beside and renamed, the marker too
@lesson.machine
def unpack(folder, archive):
    marker = folder / "READY"
    if not (marker.is_file() and marker.read_text() == fingerprint(archive)):
        if marker.exists():
            os.remove(marker)
        for name in archive:
            with open(folder / (name + ".tmp"), "wb") as file:
                file.write(archive[name])
            os.replace(folder / (name + ".tmp"), folder / name)
        with open(folder / "READY.tmp", "w") as file:
            file.write(fingerprint(archive))
        os.replace(folder / "READY.tmp", marker)
