-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."tickets"
  SELECT
  FROM (
    SELECT
    FROM (VALUES (1)) AS _
  ) AS pgrst_body
  RETURNING "tickets".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "tickets".*
  FROM pgrst_source AS "tickets"
) AS _ashlar_row;

-- what functions have set for the answer
