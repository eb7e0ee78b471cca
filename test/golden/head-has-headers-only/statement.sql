-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT NULL, count(*), (
  SELECT count(*)
  FROM "public"."films"
)
FROM (
  SELECT "films"."id"
  FROM "public"."films"
  LIMIT 2
) AS _ashlar_row;

-- what functions have set for the answer
