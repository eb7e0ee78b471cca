-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "screenings"."id", "screenings"."seats"
  FROM "public"."screenings"
  WHERE ("screenings"."seats" << $1 OR "screenings"."seats" -|- $2)
  ORDER BY "screenings"."id"
) AS _ashlar_row;
-- $1 = '[151,301)'
-- $2 = '[301,400)'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
