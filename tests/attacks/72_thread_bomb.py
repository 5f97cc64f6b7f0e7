# tries: threads without end
# must: softmax_rows=timeout|crashed|failed|out_of_memory *=not_attempted
# gains: 0
# flags: bomb
# stock: not run: it would take the machine down

# %% exercise="softmax_rows"
import threading
import time

def softmax_rows(x):
    threads = []
    for _ in range(20_000):
        threads.append(threading.Thread(target=time.sleep, args=(30,), daemon=True))
        threads[-1].start()
    return x
