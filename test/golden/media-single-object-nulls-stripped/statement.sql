-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT json_strip_nulls(row_to_json(_ashlar_row.*))
FROM (
  SELECT "directors"."id", "directors"."country"
  FROM "public"."directors"
  WHERE "directors"."id" = $1
) AS _ashlar_row;
-- $1 = '4'

-- what functions have set for the answer
