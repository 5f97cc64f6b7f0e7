# tries: datagrams, name look-ups, raw packets and netlink
# must: *=not_attempted
# gains: 0
# flags: weak-contact

# %% own
import socket
import urllib.request

for host in ("127.0.0.1", "255.255.255.255"):
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            print(line.sendto(b"from @ME@", (host, int("@PORT@"))))
    except OSError as error:
        print(host, error)
for kind in ((socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_PACKET, socket.SOCK_RAW, 0), (socket.AF_NETLINK, 3, 0),
             (40, socket.SOCK_STREAM, 0)):
    try:
        with socket.socket(*kind) as line:
            print("opened", kind)
    except OSError as error:
        print(kind, error)
socket.setdefaulttimeout(0.3)
for address in ("http://127.0.0.1:@PORT@/from-@ME@", "http://localhost:@PORT@/from-@ME@"):
    try:
        print(urllib.request.urlopen(address, timeout=0.3).status)
    except OSError as error:
        print(error)
try:
    print(socket.gethostbyname("example.org"))
except OSError as error:
    print(error)
