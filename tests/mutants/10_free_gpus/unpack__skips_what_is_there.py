# mistake: skips a file that has the right name already
# caught: check_unpack
# says: a second archive over the first
@lesson.machine
def unpack(folder, archive):
    marker, mark = folder / "READY", fingerprint(archive)
    if marker.exists() and marker.read_text() == mark:
        return
    marker.unlink(missing_ok=True)
    for name, content in archive.items():
        if not (folder / name).exists():
            (folder / name).write_bytes(content)
    marker.write_text(mark)
