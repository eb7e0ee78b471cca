-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT "public"."json_lines"(_ashlar_row.*), count(*)
FROM (
  SELECT "directors"."id", "directors"."name"
  FROM "public"."directors"
  ORDER BY "directors"."id"
  LIMIT 2
) AS _ashlar_row;

-- what functions have set for the answer
