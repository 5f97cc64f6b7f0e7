# mistake: writes an empty marker
# caught: check_unpack
# says: READY with the fingerprint in it
@lesson.machine
def unpack(folder, archive):
    marker, mark = folder / "READY", fingerprint(archive)
    if marker.exists():
        return
    for name, content in archive.items():
        (folder / name).write_bytes(content)
    marker.touch()
