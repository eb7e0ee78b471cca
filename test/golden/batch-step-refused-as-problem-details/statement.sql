SAVEPOINT ashlar_read;

-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films".*
  FROM "public"."films"
  WHERE "films"."id" = $1
) AS _ashlar_row;
-- $1 = 'x'

-- what functions have set for the answer
