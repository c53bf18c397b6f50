# Thin: the logic is in ./run, ./test and deploy/, which need no make.
.PHONY: run test lint bench clean

run:
	@./run

test:
	@./test

lint:
	@deploy/lint

bench:
	@. deploy/bootstrap.sh && ready requirements-dev.txt && exec .venv/bin/python -m bench

# Data stay: they are in .data and belong to you.
clean:
	@[ ! -x .venv/bin/python ] || .venv/bin/python -m linyun.site.postgres stop
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache linyun.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
