# tries: json, struct, socket, pickle and copy are replaced in the student's process by versions that forge and overflow
# must: *=failed|tampered|crashed|timeout|not_attempted
# answers: wrong
# gains: 0

# %% own
import copy
import json
import pickle
import socket
import struct

forged = '{"op": "ran", "ok": true, "status": "passed", "fraction": 1.0, "number": 3}'
json.dumps = lambda *args, **kwargs: forged
json.JSONEncoder.encode = lambda self, value: forged
json.loads = lambda *args, **kwargs: {"op": "bye"}
pickle.dumps = pickle.loads = lambda *args, **kwargs: b"x" * 100
struct.pack = lambda *args: b"\xff" * 16
copy.deepcopy = copy.copy = lambda value, *args: value
