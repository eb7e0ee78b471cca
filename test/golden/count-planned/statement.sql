-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

EXPLAIN (FORMAT JSON)
SELECT 1
FROM "public"."films";

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id"
  FROM "public"."films"
  ORDER BY "films"."id"
  LIMIT 1
) AS _ashlar_row;

-- what functions have set for the answer
