# mistake: says 0 for what is not there
# caught: check_oom_numbers
# says: None for what is not there
def oom_numbers(message):
    wanted = {"tried": r"allocate ([0-9.]+) (.)iB", "capacity": r"capacity of ([0-9.]+) (.)iB",
              "free": r"which ([0-9.]+) (.)iB is free",
              "allocated": r"([0-9.]+) (.)iB is allocated", "reserved": r"([0-9.]+) (.)iB is reserved"}
    scale = {"K": 1024, "M": 1024**2, "G": 1024**3}
    made = {}
    for name, pattern in wanted.items():
        hit = re.search(pattern, message)
        made[name] = float(hit[1]) * scale[hit[2]] if hit else 0.0
    return made
