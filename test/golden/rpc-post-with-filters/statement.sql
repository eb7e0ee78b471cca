-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call."id", pgrst_call."rating"
  FROM (
    SELECT *
    FROM json_to_record($1) AS _("term" text)
    LIMIT 1
  ) AS pgrst_body, LATERAL "public"."search_films"("term" := pgrst_body."term") AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id"
  FROM pgrst_source AS "films"
  WHERE "films"."rating" >= $2
  ORDER BY "films"."id"
) AS _ashlar_row;
-- $1 = '{"term": "a"}'
-- $2 = '8'

-- what functions have set for the answer
