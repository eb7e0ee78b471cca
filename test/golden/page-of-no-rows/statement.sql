-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*), (
  SELECT count(*)
  FROM "public"."films"
)
FROM (
  SELECT "films"."id"
  FROM "public"."films"
  LIMIT 0
) AS _ashlar_row;

-- what functions have set for the answer

-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT count(*)
FROM "public"."films";
