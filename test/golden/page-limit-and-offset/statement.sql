-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id"
  FROM "public"."films"
  ORDER BY "films"."id"
  LIMIT 2
  OFFSET $1
) AS _ashlar_row;
-- $1 = '3'

-- what functions have set for the answer
