-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films".*
  FROM "public"."films"
  WHERE "films"."year" = $1
) AS _ashlar_row;
-- $1 = 'soon'
