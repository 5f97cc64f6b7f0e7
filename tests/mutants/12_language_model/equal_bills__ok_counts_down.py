# why: by subtraction
def equal_bills(budget, sizes, context, batch):
    steps = []
    for width, layers, hidden in sizes:
        steps.append(0)
        while contract(256, width, layers, hidden, context, batch, steps[-1] + 1, 1.0)["flops"] <= budget:
            steps[-1] += 1
    return steps
