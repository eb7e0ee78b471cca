-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "articles"."id"
  FROM "public"."articles"
  WHERE to_tsvector($1, "articles"."body") @@ to_tsquery($1, $2)
) AS _ashlar_row;
-- $1 = 'french'
-- $2 = 'amusant'

-- what functions have set for the answer
