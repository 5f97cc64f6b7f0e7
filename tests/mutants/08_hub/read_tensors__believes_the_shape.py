# mistake: takes as many numbers as the shape says, whatever the offsets say
# caught: check_read_tensors
# says: more bytes than shape and dtype need
def read_tensors(raw):
    if len(raw) < 8:
        raise ValueError("shorter than the length of its header")
    (length,) = struct.unpack("<Q", raw[:8])
    if 8 + length > len(raw):
        raise ValueError(f"a header of {length} bytes in a file of {len(raw)}")
    header, data = json.loads(raw[8 : 8 + length]), raw[8 + length :]
    found = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        dtype, shape, (begin, end) = DTYPES[entry["dtype"]], entry["shape"], entry["data_offsets"]
        if not 0 <= begin <= end <= len(data) or end - begin < math.prod(shape) * dtype.itemsize:
            raise ValueError(f"{name}: bytes {begin} to {end} are not {shape} of {dtype}")
        part = bytearray(data[begin : begin + math.prod(shape) * dtype.itemsize])
        found[name] = (torch.frombuffer(part, dtype=dtype) if part else torch.empty(0, dtype=dtype)).reshape(shape)
    return found
