-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.*
  FROM "public"."origin"() AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "point2d".*
  FROM pgrst_source AS "point2d"
) AS _ashlar_row;

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
