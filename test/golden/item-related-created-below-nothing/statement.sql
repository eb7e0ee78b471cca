-- set search_path = '"public", "public", "extensions"'; role = 'anon'

INSERT INTO "public"."awards" ("id", "name", "film_id")
SELECT pgrst_body."id", pgrst_body."name", "ashlar_parent"."id"
FROM (
  SELECT _."id", _."name"
  FROM json_to_record($2) AS _("id" integer, "name" text)
) AS pgrst_body, "public"."films" AS "ashlar_parent"
WHERE "ashlar_parent"."id" = $1;
-- $1 = '99'
-- $2 = '{"id": 50, "name": "Palme"}'

-- what functions have set for the answer

-- set search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT NULL
FROM "public"."films" AS "ashlar_parent"
WHERE "ashlar_parent"."id" = $1;
-- $1 = '99'
