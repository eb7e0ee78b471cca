-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.*
  FROM "public"."film_by_id"("wanted" := $1::integer) AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films".*
  FROM pgrst_source AS "films"
) AS _ashlar_row;
-- $1 = '99'

-- what functions have set for the answer
