-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT *
    FROM json_to_record($1) AS _("numbers" integer[])
    LIMIT 1
  ) AS pgrst_body, LATERAL (
    SELECT "public"."total"(VARIADIC "numbers" := pgrst_body."numbers") AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "total".*
  FROM pgrst_source AS "total"
) AS _ashlar_row;
-- $1 = '{"numbers": [4, 5]}'

-- what functions have set for the answer
