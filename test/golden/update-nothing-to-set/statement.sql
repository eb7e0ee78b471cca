-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT "products".*
  FROM "public"."products"
  WHERE false
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "products".*
  FROM pgrst_source AS "products"
) AS _ashlar_row;

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
