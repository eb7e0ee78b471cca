-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT sum(CAST("films"."details"->$1 AS int))
  FROM "public"."films"
) AS _ashlar_row;
-- $1 = 'runtime'

-- what functions have set for the answer
