"""Alembic's entry: runs the migrations on the URL that `services.store.engine` hands over."""

from alembic import context

from services.store.engine import open_engine
from services.store.tables import metadata

engine = open_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
