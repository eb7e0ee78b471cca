-- set search_path = '"public", "public", "extensions"'; role = 'authenticated'

INSERT INTO "public"."diaries" ("entry", "id", "owner")
SELECT pgrst_body."entry", pgrst_body."id", pgrst_body."owner"
FROM (
  SELECT _."entry", _."id", _."owner"
  FROM json_to_record($1) AS _("entry" text, "id" integer, "owner" text)
) AS pgrst_body;
-- $1 = '{"id": 9, "owner": "ada", "entry": "forged"}'

-- what functions have set for the answer
