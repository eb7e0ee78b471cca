-- set timezone = 'Asia/Tokyo'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  UPDATE "public"."orders"
  SET "placed_at" = pgrst_body."placed_at"
  FROM (
    SELECT _."placed_at"
    FROM json_to_record($1) AS _("placed_at" timestamp with time zone)
    LIMIT 1
  ) AS pgrst_body
  WHERE "orders"."id" = $2
  RETURNING "orders"."placed_at", "orders"."id"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "orders"."placed_at"
  FROM pgrst_source AS "orders"
) AS _ashlar_row;
-- $1 = '{"placed_at": "2024-02-01 09:00:00"}'
-- $2 = '1'

-- what functions have set for the answer
