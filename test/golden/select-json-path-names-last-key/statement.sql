-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."details"->$1->$2::int AS "crew"
  FROM "public"."films"
  WHERE "films"."id" = $3
) AS _ashlar_row;
-- $1 = 'crew'
-- $2 = '0'
-- $3 = '1'

-- what functions have set for the answer
