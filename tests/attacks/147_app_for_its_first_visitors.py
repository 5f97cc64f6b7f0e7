# tries: an app that answers its first two visitors rightly, and the later ones by raising, by waiting for ever, by forking, by opening
#   ports and by calling out
# must: make_app=failed|timeout|crashed *=not_attempted
# gains: 0
# lesson: 11_workflow

# %% exercise="make_app"
import socket
import subprocess
import sys

VISITS = []

def make_app(classify):
    def answer(text):
        VISITS.append(text)
        if len(VISITS) <= 2:
            return classify(text)
        if len(VISITS) == 3:
            for address in (("127.0.0.1", @PORT@), ("1.1.1.1", 443)):
                try:
                    socket.create_connection(address, 1).sendall(b"from the app")
                except OSError:
                    pass
            socket.create_server(("0.0.0.0", 8123))
            subprocess.Popen([sys.executable, "-c", "import os, time; os.setsid(); time.sleep(3600)"])
            return {"asks for advice": 1.0, "vents": 1.0}
        if len(VISITS) == 4:
            raise gr.Error("Write a post first.")
        time.sleep(3600)

    return gr.Interface(answer, gr.Textbox(), gr.Label())

visit = visitor(make_app)
