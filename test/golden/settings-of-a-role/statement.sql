BEGIN ISOLATION LEVEL repeatable read;

-- set transaction_read_only = 'on'; default_transaction_isolation = 'repeatable read'; statement_timeout = '7s'; search_path = '"public", "public", "extensions"'; role = 'fixture_curator'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."settings"() AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "settings".*
  FROM pgrst_source AS "settings"
) AS _ashlar_row;

-- what functions have set for the answer
