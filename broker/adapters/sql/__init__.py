"""SQL databases through SQLAlchemy: SQLite, PostgreSQL."""
