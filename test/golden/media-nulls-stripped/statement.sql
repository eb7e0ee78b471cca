-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT json_strip_nulls(row_to_json(_ashlar_row.*))
FROM (
  SELECT "directors"."id", "directors"."country"
  FROM "public"."directors"
  WHERE "directors"."id" >= $1
  ORDER BY "directors"."id"
) AS _ashlar_row;
-- $1 = '3'

-- what functions have set for the answer
