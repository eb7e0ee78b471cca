-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

EXPLAIN (FORMAT JSON, VERBOSE)
SELECT NULL::bigint, count(_ashlar_row.*), coalesce(json_agg(_ashlar_row.*), '[]')
FROM (
  SELECT "directors"."name"
  FROM "public"."directors"
) AS _ashlar_row;

-- what functions have set for the answer
