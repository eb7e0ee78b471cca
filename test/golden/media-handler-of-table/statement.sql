-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT "public"."tab_separated"((_ashlar_row.*)::"public"."films"), count(*)
FROM (
  SELECT "films".*
  FROM "public"."films"
  WHERE "films"."id" <= $1
  ORDER BY "films"."id"
) AS _ashlar_row;
-- $1 = '2'

-- what functions have set for the answer
