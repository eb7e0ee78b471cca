-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*), (
  SELECT count(*)
  FROM "public"."films"
)
FROM (
  SELECT "films"."id"
  FROM "public"."films"
  OFFSET $1
) AS _ashlar_row;
-- $1 = '50'

-- what functions have set for the answer

-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT count(*)
FROM "public"."films";
