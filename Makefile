# Measure First: every step of the course as a command. `make` alone lists them.
#
#   notebooks/ --build--> source/ --release--> release/ == students ==> grading/submitted/ --grade--> grading/feedback/
#
# Paths are relative throughout, so that a checkout in a folder with a space in its name works.

.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
DEVICE ?= auto
SCALE ?= ci
SEED ?= 0
JOBS ?= 0
BENCH_COUNT ?= 50
PIP_ARGS ?=
FUZZ_SECONDS ?= 60
TORCH_INDEX ?=
VENV := .venv
PY := $(VENV)/bin/python
AUTOGRADE := $(PY) -m autograde
INSTALLED := $(VENV)/installed.stamp

# One thread a process: lessons, tests and submissions run in parallel over the cores instead.
export OMP_NUM_THREADS ?= 1
export PYTHONUTF8 := 1
export JUPYTER_PLATFORM_DIRS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help install demo test whole nbgrader-suite fuzz attacks bench damage hosts lab deck release curriculum gpu rehearse mutants class grade check format clean FORCE

help: ## print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z%\/_.-]+:.*## / {printf "  make %-24s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  settings: DEVICE=auto|cpu|cuda  SCALE=ci|full  SEED=0  JOBS=0 (all cores)  PYTHON=python3  PIP_ARGS=..."

$(PY): | build
	@.ci/venv "$(PYTHON)" $(VENV)

$(INSTALLED): pyproject.toml constraints.txt | $(PY) build
	@echo "installing the course and the tested versions of what it needs (constraints.txt); minutes the first time"
	@$(PY) -m pip install --quiet $(PIP_ARGS) -c constraints.txt -e ".[instructor,test]" 2>build/pip.log || \
	  { cat build/pip.log; echo "error: the install failed (see above). Nothing is lost: mend it and run make again"; exit 1; }
	@touch $@

build:
	@mkdir -p build

install: $(INSTALLED) ## set up what is missing in .venv

demo: $(INSTALLED) ## everything at once: build, run headless, grade a sample class, show the scores
	@$(AUTOGRADE) build
	@$(AUTOGRADE) curriculum --device cpu --scale ci --jobs $(JOBS) --reuse
	@$(AUTOGRADE) class
	@$(AUTOGRADE) grade --jobs $(JOBS) --isolation auto

test: $(INSTALLED) ## set up what is missing and pass all tests
	@$(AUTOGRADE) build --quiet
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

whole: $(INSTALLED) ## the tests that take minutes each and that `make test` leaves out
	@$(AUTOGRADE) build --quiet
	@$(PY) -m pytest -n 2 --dist load --whole -m whole --ignore tests/nbgrader

nbgrader-suite: $(INSTALLED) ## nbgrader's own tests, and its scores on its own notebooks, with our grader in it (minutes)
	@$(PY) -m pytest tests/nbgrader --whole -s

attacks: $(INSTALLED) ## every attack of tests/attacks against the grader, as students of one class (minutes)
	@$(PY) tests/attacks/run_attacks.py

bench: $(INSTALLED) ## beside stock nbgrader, a thousand submissions, calls and forks (an hour; BENCH_COUNT=50)
	@$(AUTOGRADE) build --quiet
	@$(PY) tests/bench/calls.py
	@$(PY) tests/bench/thousand.py
	@$(PY) tests/bench/throughput.py --count $(BENCH_COUNT)

fuzz: $(INSTALLED) ## bytes of every sort against the wire's decoder (FUZZ_SECONDS=60)
	@$(PY) -c "import atheris" 2>/dev/null || $(PY) -m pip install --quiet $(PIP_ARGS) -c constraints.txt -e ".[fuzz]"
	@$(PY) tests/wall/fuzz_wire.py -max_total_time=$(FUZZ_SECONDS) -verbosity=0

hosts: $(INSTALLED) ## the lessons in environments with Colab's and Kaggle's versions (minutes; TORCH_INDEX= for their PyTorch)
	@$(AUTOGRADE) build --quiet
	@PIP_ARGS="$(PIP_ARGS)" TORCH_INDEX="$(TORCH_INDEX)" $(PY) tests/hosts/run_hosts.py

damage: $(INSTALLED) ## every kind of damage to right notebooks of all lessons: what mending loses (0) and tells
	@$(PY) tests/grading/damage_report.py

lab: $(INSTALLED) ## JupyterLab with nbgrader's extensions (formgrader, assignment list, create assignment)
	@$(AUTOGRADE) build --quiet
	@$(PY) -m jupyter lab $$(test "$$(id -u)" != 0 || echo --allow-root)

deck: $(INSTALLED) ## the glossary as an Anki deck: build/measure-first.apkg
	@$(AUTOGRADE) deck

release: $(INSTALLED) ## notebooks/*.py -> source/ and release/
	@$(AUTOGRADE) build

curriculum: $(INSTALLED) ## run every lesson headless (DEVICE=, SCALE=, SEED=, JOBS=)
	@$(AUTOGRADE) build --quiet
	@$(AUTOGRADE) curriculum --device $(DEVICE) --scale $(SCALE) --seed $(SEED) --jobs $(JOBS)

gpu: $(INSTALLED) ## every lesson and its mutants on this machine's GPU at full scale; rows for docs/gpu.md
	@$(AUTOGRADE) build --quiet
	@$(AUTOGRADE) gpu --scale $(if $(filter command,$(firstword $(origin SCALE))),$(SCALE),full) --seed $(SEED)

rehearse: $(INSTALLED) ## every lesson and its mutants as on a GPU, on a pretend card in host memory (about 20 min; LESSON=08)
	@$(AUTOGRADE) build --quiet
	@$(PY) tests/pretend_cuda/rehearse.py $(LESSON)

mutants: $(INSTALLED) ## run every wrong and alternative answer; print the matrix
	@$(AUTOGRADE) build --quiet
	@$(AUTOGRADE) mutants --jobs $(JOBS)

grade: $(INSTALLED) ## grade what lies in grading/submitted; write scores and feedback
	@$(AUTOGRADE) build --quiet
	@$(AUTOGRADE) grade --jobs $(JOBS)

check: $(INSTALLED) ## lint, format, types, and whether release/ is what notebooks/ gives
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(AUTOGRADE) build --check

format: $(INSTALLED) ## put the code into the one format
	@$(PY) -m ruff check --fix-only .
	@$(PY) -m ruff format .

clean: ## remove what is built (students' data in grading/ and the environment in .venv stay)
	@rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find source -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +
	@find autograde tests -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "removed what was built; grading/ and .venv/ stay (rm -rf them yourself if you mean it)"

# One lesson along each arrow: make release/01_tensors, make curriculum/01_tensors, make grade/01_tensors, make mutants/01_tensors
release/%: notebooks/%.py $(INSTALLED) FORCE ## one lesson: notebooks/ -> source/ -> release/
	@$(AUTOGRADE) build $*

curriculum/%: notebooks/%.py $(INSTALLED) FORCE ## one lesson, headless
	@$(AUTOGRADE) build --quiet $*
	@$(AUTOGRADE) curriculum $* --device $(DEVICE) --scale $(SCALE) --seed $(SEED)

mutants/%: notebooks/%.py $(INSTALLED) FORCE ## one lesson's wrong and alternative answers
	@$(AUTOGRADE) build --quiet $*
	@$(AUTOGRADE) mutants $*

grade/%: notebooks/%.py $(INSTALLED) FORCE ## one lesson's submissions
	@$(AUTOGRADE) build --quiet $*
	@$(AUTOGRADE) grade $* --jobs $(JOBS)

FORCE:
