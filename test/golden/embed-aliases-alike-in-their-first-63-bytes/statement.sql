-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "screenings"."id", "screenings_venues_1"."main", row_to_json("screenings_a2345678901234567890123456789012345678901234_1_1".*) AS "a2345678901234567890123456789012345678901234567890123456_main", row_to_json("screenings_a2345678901234567890123456789012345678901234_1_2".*) AS "a2345678901234567890123456789012345678901234567890123456_back"
  FROM "public"."screenings"
  LEFT JOIN LATERAL (
    SELECT "venues_1"."name" AS "main"
    FROM "public"."venues" AS "venues_1"
    WHERE "venues_1"."id" = "screenings"."venue_id"
  ) AS "screenings_venues_1" ON TRUE
  LEFT JOIN LATERAL (
    SELECT "venues_1"."name"
    FROM "public"."venues" AS "venues_1"
    WHERE "venues_1"."id" = "screenings"."venue_id"
  ) AS "screenings_a2345678901234567890123456789012345678901234_1_1" ON TRUE
  LEFT JOIN LATERAL (
    SELECT "venues_1"."name"
    FROM "public"."venues" AS "venues_1"
    WHERE "venues_1"."id" = "screenings"."backup_venue_id"
  ) AS "screenings_a2345678901234567890123456789012345678901234_1_2" ON TRUE
  WHERE "screenings"."id" = $1
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer
