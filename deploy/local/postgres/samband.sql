-- The role that Samband logs in with, and its database. Run by psql as the super user, as often as one likes.
\getenv password SAMBAND_POSTGRES_PASSWORD
SELECT format('CREATE ROLE samband LOGIN PASSWORD %L', :'password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'samband') \gexec
SELECT 'CREATE DATABASE samband OWNER samband'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'samband') \gexec
