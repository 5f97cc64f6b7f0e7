# mistake: leaves the old marker while it unpacks anew
# caught: check_unpack
# says: an old one removed first
@lesson.machine
def unpack(folder, archive):
    marker, mark = folder / "READY", fingerprint(archive)
    if marker.exists() and marker.read_text() == mark:
        return
    for name, content in archive.items():
        (folder / name).write_bytes(content)
    marker.write_text(mark)
