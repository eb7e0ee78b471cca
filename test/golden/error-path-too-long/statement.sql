-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*)
FROM "public"."films" CROSS JOIN LATERAL (
  SELECT "films".*
  FROM (
    SELECT
  ) AS ashlar_item
) AS _ashlar_row
WHERE "films"."id" = $1;
-- $1 = '1'

-- what functions have set for the answer
