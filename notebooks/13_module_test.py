# %% [markdown]
# ## Fifteen questions, once
#
# Hanna runs a bicycle workshop that takes apprentices. In the last week each of them gets fifteen bikes with a fault that
# they have not seen. Nobody has to know the catalogue by heart. What she wants to see is whether they look at the right
# place first: the cable before the gear, the pump before the tube.
#
# This test is of that kind. It asks for no formula and no function's third argument. Each question is a small situation
# from the course, and asks what you would do first, or why something is done as it is.

# %% tags=["fixture"]
from autograde import check, lesson

settings = lesson.start(DEVICE, SCALE, SEED)

# %% [markdown]
# ## Before you begin
#
# | | |
# |---|---|
# | **Time** | 30 to 40 minutes. Nothing stops you at the end of them, and you may stop in the middle and go on later |
# | **What passes** | 80 %: twelve of the fifteen. Each question is worth one point, a wrong answer costs nothing: leave none open |
# | **Feedback** | none before it is graded. Afterwards your page says for each question whether you were right, why, and which lesson to read again |
# | **What you may use** | your own notes and notebooks, and the lessons |
#
# **Honesty.** Your questions are drawn from what you type as your name, so your neighbour has others in another order. The
# key is not in this notebook; nobody can look it up here. A person or a language model that answers for you can be
# had all the same. Then the test says something about them, and on the evening on which your own loss turns NaN they may
# be out. Twelve honest answers and three lessons to read again are worth more.
#
# **Predict, measure, reconcile.** Before you begin, write down somewhere how many of the fifteen you will get right. When the
# page comes back, compare. Who is off by four or more knows something about more than PyTorch.

# %% [markdown]
# ## How to prepare
#
# | read again | for questions on |
# |---|---|
# | [02 Autograd](release/02_autograd/02_autograd.ipynb) | gradients that add up, gradients that explode |
# | [03 The training loop](release/03_training_loop/03_training_loop.ipynb) | why researchers changed libraries, the five steps, modules, the device |
# | [05 Memory](release/05_memory/05_memory.ipynb) | what to do when memory runs out, and what it costs |
# | [06 Precision](release/06_precision/06_precision.ipynb) | where NaN comes from |
# | [08 The Hub](release/08_hub/08_hub.ipynb) | what a pipeline does for you |
# | [09 Adapt](release/09_adapt/09_adapt.ipynb) | which approach for which case; LoRA |
# | [10 Free GPUs](release/10_free_gpus/10_free_gpus.ipynb) | platforms, estimates, when to pay |
# | [11 The workflow](release/11_workflow/11_workflow.ipynb) | the five steps from idea to app, the debugging clinic, judgement |
#
# The takeaways at the end of each lesson and the [glossary](docs/glossary.md) are the short way through.

# %% exam="test_1" points=15

# %% [markdown]
# ## Hand it in
#
# The check above should say that all questions are answered. Run the notebook once from the top, then the last cell, and
# hand in the file that it names.

# %% tags=["demo"]
lesson.hand_in("13_module_test")
