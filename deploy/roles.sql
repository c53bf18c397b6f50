-- For the administrator of an existing PostgreSQL (15 or newer), once:
--   LINYUN_DB_PASSWORD=… psql -U postgres -v ON_ERROR_STOP=1 -f deploy/roles.sql
\getenv password LINYUN_DB_PASSWORD
CREATE ROLE linyun LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
CREATE ROLE linyun_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
GRANT linyun_app TO linyun;
CREATE DATABASE linyun OWNER linyun TEMPLATE template0 ENCODING 'UTF8';
