BEGIN ISOLATION LEVEL serializable;

-- set transaction_read_only = 'on'; statement_timeout = '9s'; default_transaction_isolation = 'serializable'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."patient"() AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "patient".*
  FROM pgrst_source AS "patient"
) AS _ashlar_row;

-- what functions have set for the answer
