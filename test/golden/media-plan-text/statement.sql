-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

EXPLAIN (FORMAT TEXT)
SELECT NULL::bigint, count(_ashlar_row.*), coalesce(json_agg(_ashlar_row.*), '[]')
FROM (
  SELECT "films"."title"
  FROM "public"."films"
  WHERE "films"."id" = $1
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer
