-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT *
    FROM json_to_record($1) AS _("wanted" integer)
    LIMIT 1
  ) AS pgrst_body, LATERAL (
    SELECT "public"."pick"("wanted" := pgrst_body."wanted") AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "pick".*
  FROM pgrst_source AS "pick"
) AS _ashlar_row;
-- $1 = '{"wanted": 3}'

-- what functions have set for the answer
