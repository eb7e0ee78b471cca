-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  DELETE
  FROM "public"."journal"
  RETURNING "journal".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "journal".*
  FROM pgrst_source AS "journal"
) AS _ashlar_row;

-- what functions have set for the answer
