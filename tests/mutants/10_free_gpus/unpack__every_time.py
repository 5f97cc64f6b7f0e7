# mistake: unpacks at every run
# caught: check_unpack
# says: nothing changed by a second run
@lesson.machine
def unpack(folder, archive):
    marker, mark = folder / "READY", fingerprint(archive)
    marker.unlink(missing_ok=True)
    for name, content in archive.items():
        (folder / name).write_bytes(content)
    marker.write_text(mark)
