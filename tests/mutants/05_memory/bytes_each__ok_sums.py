# why: sums of what there is
bytes_each = dict(sgd=4 + 4, momentum=4 + 4 + 4, adamw=4 + 4 + 8, mixed=2 + 2 + 4 + 8, inference=2.0)
bytes_each["8-bit"] = 4 + 4 + 1 + 1
