-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id"
  FROM "public"."films"
  WHERE "films"."year" >= $1 AND "films"."year" <= $2
  ORDER BY "films"."id"
) AS _ashlar_row;
-- $1 = '1960'
-- $2 = '1962'

-- what functions have set for the answer
