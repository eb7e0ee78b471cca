-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT CAST("films"."id" AS "pg_catalog"."text"), CAST("films"."year" AS "pg_catalog"."float8"), CAST("films"."rating" AS int), CAST("films"."gross" AS "pg_catalog"."text")
  FROM "public"."films"
  WHERE "films"."id" = $1
) AS _ashlar_row;
-- $1 = '3'

-- what functions have set for the answer
