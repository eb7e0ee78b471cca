-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*), encode(substr(sha256(convert_to(row_to_json("venues".*)::text, 'UTF8')), 1, 15), 'base64')
FROM "public"."screenings" AS "ashlar_parent", "public"."venues" AS "venues" CROSS JOIN LATERAL (
  SELECT "venues"."name"
  FROM (
    SELECT
  ) AS ashlar_item
) AS _ashlar_row
WHERE "ashlar_parent"."id" = $1 AND "venues"."id" = "ashlar_parent"."venue_id";
-- $1 = '1'

-- what functions have set for the answer
