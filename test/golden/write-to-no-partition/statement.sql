-- set search_path = '"public", "public", "extensions"'; role = 'anon'

INSERT INTO "public"."box_office" ("day", "film_id", "gross")
SELECT pgrst_body."day", pgrst_body."film_id", pgrst_body."gross"
FROM (
  SELECT _."day", _."film_id", _."gross"
  FROM json_to_record($1) AS _("day" date, "film_id" integer, "gross" numeric(12,2))
) AS pgrst_body;
-- $1 = '{"day": "1999-06-01", "film_id": 1, "gross": 10}'

-- what functions have set for the answer
