-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id", "films"."genres"
  FROM "public"."films"
  WHERE "films"."genres" @> $1
) AS _ashlar_row;
-- $1 = '{drama,comedy}'

-- what functions have set for the answer
