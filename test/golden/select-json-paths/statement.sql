-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id", "films"."details"->$1 AS "runtime", "films"."details"->>$2 AS "language", "films"."details"->$3->$4::int->>$5 AS "last"
  FROM "public"."films"
  WHERE "films"."id" = $6
) AS _ashlar_row;
-- $1 = 'runtime'
-- $2 = 'language'
-- $3 = 'crew'
-- $4 = '-1'
-- $5 = 'name'
-- $6 = '1'

-- what functions have set for the answer
