-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "articles"."id"
  FROM "public"."articles"
  WHERE "articles"."search" @@ websearch_to_tsquery($1, $2)
) AS _ashlar_row;
-- $1 = 'english'
-- $2 = 'cat -fat'

-- what functions have set for the answer
