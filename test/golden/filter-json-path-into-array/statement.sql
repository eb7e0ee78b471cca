-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id", "films"."details"->$1->$2::int->>$3 AS "camera"
  FROM "public"."films"
  WHERE "films"."details"->$1->$2::int->>$4 = $5
) AS _ashlar_row;
-- $1 = 'crew'
-- $2 = '0'
-- $3 = 'name'
-- $4 = 'job'
-- $5 = 'camera'

-- what functions have set for the answer
