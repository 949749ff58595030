# Aliases for hands that type make; ./tongchou is the real thing.
.PHONY: demo test lock

demo:
	./tongchou demo

test:
	./tongchou test

# Needs uv. No line of the result names a host: whoever installs says where from.
# The packages left out serve parts of Bokeh that we do not use (its own server, tiles, contours,
# data frames): a first start is faster by seconds without them. `pip install .` brings them as usual.
# Optuna is used without its own database, so what serves that (SQLAlchemy, Alembic) is left out too.
# Developers get Bokeh's server after all: Dask's workers talk through it.
SOURCE_TOO = uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
LOCK = $(SOURCE_TOO) --only-binary :all: \
	--no-emit-package contourpy --no-emit-package narwhals \
	--no-emit-package xyzservices --no-emit-package alembic --no-emit-package mako \
	--no-emit-package sqlalchemy
lock:
	$(LOCK) --no-emit-package tornado --no-emit-package greenlet pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	echo uv | $(LOCK) - -o requirements-installer.txt
	echo 'pyspark>=4.0,<4.1' | $(SOURCE_TOO) - -o requirements-spark.txt
