# mistake: writes the marker first
# caught: check_unpack
# says: is the marker written last
@lesson.machine
def unpack(folder, archive):
    marker, mark = folder / "READY", fingerprint(archive)
    if marker.exists() and marker.read_text() == mark:
        return
    marker.write_text(mark)
    for name, content in archive.items():
        (folder / name).write_bytes(content)
