# why: by numpy and a view
def read_tensors(raw):
    import numpy as np

    try:
        length = int.from_bytes(raw[:8], "little")
        if len(raw) < 8 + length or len(raw) < 8:
            raise ValueError("the header does not fit")
        header = json.loads(raw[8 : 8 + length].decode())
    except UnicodeDecodeError as error:
        raise ValueError("no header") from error
    header.pop("__metadata__", None)
    data, found = np.frombuffer(raw, dtype=np.uint8)[8 + length :], {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        dtype = DTYPES[entry["dtype"]]
        count = math.prod(entry["shape"])
        if begin < 0 or end > len(data) or count * torch.empty(0, dtype=dtype).element_size() != end - begin:
            raise ValueError(name)
        tensor = torch.empty(entry["shape"], dtype=dtype)
        if count:
            tensor.view(-1).view(torch.uint8).copy_(torch.tensor(data[begin:end]))
        found[name] = tensor
    return found
