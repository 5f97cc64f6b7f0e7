# mistake: believes any marker
# caught: check_unpack
# says: a second archive over the first
@lesson.machine
def unpack(folder, archive):
    marker, mark = folder / "READY", fingerprint(archive)
    if marker.exists():
        return
    for name, content in archive.items():
        (folder / name).write_bytes(content)
    marker.write_text(mark)
