-- set transaction_read_only = 'on'; search_path = '"archive", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT *
    FROM json_to_record($1) AS _("reel" integer)
    LIMIT 1
  ) AS pgrst_body, LATERAL (
    SELECT "archive"."shelf_of"("reel" := pgrst_body."reel") AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "shelf_of".*
  FROM pgrst_source AS "shelf_of"
) AS _ashlar_row;
-- $1 = '{"reel": 7}'

-- what functions have set for the answer
