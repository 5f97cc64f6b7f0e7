# mistake: takes MiB for millions of bytes
# caught: check_oom_numbers
# says: powers of 1024, not of 1000
def oom_numbers(message):
    wanted = {"tried": r"allocate ([0-9.]+) (.)iB", "capacity": r"capacity of ([0-9.]+) (.)iB",
              "free": r"which ([0-9.]+) (.)iB is free",
              "allocated": r"([0-9.]+) (.)iB is allocated", "reserved": r"([0-9.]+) (.)iB is reserved"}
    scale = {"K": 1e3, "M": 1e6, "G": 1e9}
    made = {}
    for name, pattern in wanted.items():
        hit = re.search(pattern, message)
        made[name] = float(hit[1]) * scale[hit[2]] if hit else None
    return made
