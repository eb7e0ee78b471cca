-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."loose"() AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "loose".*
  FROM pgrst_source AS "loose"
) AS _ashlar_row;

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
