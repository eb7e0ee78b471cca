-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id", to_jsonb("films"."genres")->$1::int AS "first"
  FROM "public"."films"
  WHERE to_jsonb("films"."genres")->>$1::int = $2
  ORDER BY "films"."id"
) AS _ashlar_row;
-- $1 = '0'
-- $2 = 'action'

-- what functions have set for the answer
