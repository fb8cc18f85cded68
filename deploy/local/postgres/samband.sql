-- The roles that Samband logs in with, and its database. Run by psql as the super user, as often as one likes.
-- `samband` owns the database, makes its tables and gives the others their rights (samband upgrade --data postgres);
-- none of its programs works under that name.
\getenv owner SAMBAND_POSTGRES_PASSWORD
\getenv worker SAMBAND_POSTGRES_WORKER_PASSWORD
\getenv ledger SAMBAND_POSTGRES_LEDGER_PASSWORD
\getenv agents SAMBAND_POSTGRES_AGENTS_PASSWORD
\getenv reader SAMBAND_POSTGRES_READER_PASSWORD
\getenv review SAMBAND_POSTGRES_REVIEW_PASSWORD
SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', role, password)
FROM (VALUES ('samband', :'owner'), ('samband_worker', :'worker'), ('samband_ledger', :'ledger'),
             ('samband_agents', :'agents'), ('samband_reader', :'reader'),
             ('samband_review', :'review')) AS wanted (role, password)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
SELECT 'CREATE DATABASE samband OWNER samband'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'samband') \gexec
REVOKE TEMPORARY ON DATABASE samband FROM PUBLIC;
