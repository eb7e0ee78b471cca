-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id", "films"."genres"
  FROM "public"."films"
  WHERE "films"."genres" <@ $1
  ORDER BY "films"."id"
) AS _ashlar_row;
-- $1 = '{action,western,drama}'

-- what functions have set for the answer
