-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "employees"."name", row_to_json("employees_supervisor_1".*) AS "supervisor", (
    SELECT coalesce(json_agg("employees_supervisees_1".*), '[]') AS "employees_supervisees_1"
    FROM (
      SELECT "employees_1"."name", (
        SELECT coalesce(json_agg("employees_supervisees_2".*), '[]') AS "employees_supervisees_2"
        FROM (
          SELECT "employees_2"."name"
          FROM "public"."supervisees"(("employees_1".*)::"public"."employees") AS "employees_2"
        ) AS "employees_supervisees_2"
      ) AS "supervisees"
      FROM "public"."supervisees"(("employees".*)::"public"."employees") AS "employees_1"
    ) AS "employees_supervisees_1"
  ) AS "supervisees"
  FROM "public"."employees"
  LEFT JOIN LATERAL (
    SELECT "employees_1"."name"
    FROM "public"."supervisor"(("employees".*)::"public"."employees") AS "employees_1"
  ) AS "employees_supervisor_1" ON TRUE
  ORDER BY "employees"."id"
) AS _ashlar_row;

-- what functions have set for the answer
