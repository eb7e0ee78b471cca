-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "screenings"."id", row_to_json("screenings_main_1".*) AS "main", row_to_json("screenings_backup_1".*) AS "backup"
  FROM "public"."screenings"
  LEFT JOIN LATERAL (
    SELECT "venues_1"."name"
    FROM "public"."venues" AS "venues_1"
    WHERE "venues_1"."id" = "screenings"."venue_id"
  ) AS "screenings_main_1" ON TRUE
  LEFT JOIN LATERAL (
    SELECT "venues_1"."name"
    FROM "public"."venues" AS "venues_1"
    WHERE "venues_1"."id" = "screenings"."backup_venue_id"
  ) AS "screenings_backup_1" ON TRUE
  ORDER BY "screenings"."id"
) AS _ashlar_row;

-- what functions have set for the answer
