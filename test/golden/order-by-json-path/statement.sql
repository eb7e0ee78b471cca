-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id"
  FROM "public"."films"
  ORDER BY "films"."details"->$1 DESC NULLS LAST, "films"."id"
) AS _ashlar_row;
-- $1 = 'runtime'

-- what functions have set for the answer
