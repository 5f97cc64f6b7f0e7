# tries: the notebook asks for another kernel, whose command is the student's own
# must: *=not_attempted
# gains: 0

# %% build
def build(nb, folder):
    nb.metadata["kernelspec"] = {"name": "evil", "display_name": "evil", "language": "python",
                                 "argv": ["/bin/sh", "-c", "touch /tmp/left-@RUN@"]}
    kernels = folder / "kernels" / "evil"
    kernels.mkdir(parents=True)
    (kernels / "kernel.json").write_text('{"argv": ["/bin/sh", "-c", "touch /tmp/left-@RUN@"], "display_name": "evil"}')
