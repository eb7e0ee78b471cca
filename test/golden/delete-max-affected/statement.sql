-- set search_path = '"public", "public", "extensions"'; role = 'anon'

DELETE
FROM "public"."awards";

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
