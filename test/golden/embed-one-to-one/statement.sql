-- set role = anon; search_path = "public", "public", "extensions"; transaction_read_only = on

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", row_to_json("films_technical_specs_1".*) AS "technical_specs"
  FROM "public"."films"
  LEFT JOIN LATERAL (
    SELECT "technical_specs_1"."camera"
    FROM "public"."technical_specs" AS "technical_specs_1"
    WHERE "technical_specs_1"."film_id" = "films"."id"
  ) AS "films_technical_specs_1" ON TRUE
  ORDER BY "films"."id"
  LIMIT $1
  OFFSET $2
) AS _ashlar_row;
-- $1 = '3'
-- $2 = '0'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
