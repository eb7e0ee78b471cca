-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*)
FROM "public"."labels" CROSS JOIN LATERAL (
  SELECT "labels".*
  FROM (
    SELECT
  ) AS ashlar_item
) AS _ashlar_row
WHERE "labels"."language" = $1 AND "labels"."code" = $2;
-- $1 = 'fr'
-- $2 = 'yes'

-- what functions have set for the answer
