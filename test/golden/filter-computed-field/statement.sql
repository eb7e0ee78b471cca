-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id", "films"."decade"
  FROM "public"."films"
  WHERE "films"."decade" = $1
  ORDER BY "films"."id"
) AS _ashlar_row;
-- $1 = '1960'

-- what functions have set for the answer
