-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "screenings"."id", row_to_json("screenings_venues_1".*) AS "venues"
  FROM "public"."screenings"
  LEFT JOIN LATERAL (
    SELECT "venues_1"."name"
    FROM "public"."venues" AS "venues_1"
    WHERE "venues_1"."id" = "screenings"."backup_venue_id"
  ) AS "screenings_venues_1" ON TRUE
  WHERE "screenings"."id" = $1
) AS _ashlar_row;
-- $1 = '3'

-- what functions have set for the answer
