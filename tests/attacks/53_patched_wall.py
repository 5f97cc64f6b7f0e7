# tries: the code of our own that packs answers in the student's process is changed: it claims what the judge sent
# must: *=failed|tampered|crashed|timeout|not_attempted
# answers: wrong
# gains: 0

# %% own
import sys

for name, module in list(sys.modules.items()):
    if name.startswith("autograde.wall"):
        for word, thing in list(vars(module).items()):
            if isinstance(thing, type) and word in ("Packer",):
                def pack(self, value, kept=thing.pack):
                    for number in range(4):
                        for node in ({"$": "ref", "id": number}, {"$": "ref", "kind": "yours", "id": number}):
                            if isinstance(value, torch.Tensor):
                                return node
                    return kept(self, value)
                thing.pack = pack
