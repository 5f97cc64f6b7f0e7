# mistake: takes __metadata__ for a tensor
# caught: check_read_tensors
# says: KeyError
def read_tensors(raw):
    if len(raw) < 8:
        raise ValueError("shorter than the length of its header")
    (length,) = struct.unpack("<Q", raw[:8])
    if 8 + length > len(raw):
        raise ValueError(f"a header of {length} bytes in a file of {len(raw)}")
    header, data = json.loads(raw[8 : 8 + length]), raw[8 + length :]
    found = {}
    for name, entry in header.items():
        dtype, shape, (begin, end) = DTYPES[entry["dtype"]], entry["shape"], entry["data_offsets"]
        if not 0 <= begin <= end <= len(data) or end - begin != math.prod(shape) * dtype.itemsize:
            raise ValueError(f"{name}: bytes {begin} to {end} are not {shape} of {dtype}")
        part = bytearray(data[begin:end])
        found[name] = (torch.frombuffer(part, dtype=dtype) if part else torch.empty(0, dtype=dtype)).reshape(shape)
    return found
