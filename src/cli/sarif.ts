import { type CheckedFinding, findingRegister } from '../app/index.ts';
import { packageVersion } from '../base/index.ts';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/**
 * Findings in the Static Analysis Results Interchange Format, version 2.1.0, which code hosts show beside the code.
 *
 * Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
 */
export const printSarif = (findings: readonly CheckedFinding[]): string => {
  const ids = [...new Set(findings.map(({ id }) => id))].sort();
  const titles: { readonly [id: string]: { readonly title: string; readonly why: string } | undefined } =
    findingRegister;
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'Ashlar',
              version: packageVersion(),
              rules: ids.map((id) => ({
                id,
                shortDescription: { text: titles[id]?.title ?? id },
                ...(titles[id] === undefined ? {} : { fullDescription: { text: titles[id]?.why } }),
              })),
            },
          },
          results: findings.map(({ id, severity, subject, message, remedy, place, waived, cost }) => ({
            ruleId: id,
            ruleIndex: ids.indexOf(id),
            level: levels[severity],
            message: { text: remedy === undefined ? message : `${message}\n\nTo mend it:\n${remedy}` },
            locations: [
              {
                ...(place === undefined
                  ? {}
                  : {
                      physicalLocation: {
                        artifactLocation: { uri: place.file },
                        region: { startLine: place.line },
                      },
                    }),
                logicalLocations: [{ fullyQualifiedName: subject }],
              },
            ],
            // What is found again after the files were moved about is the same result.
            partialFingerprints: { 'ashlar/v1': `${id} ${subject}` },
            ...(waived === undefined ? {} : { suppressions: [{ kind: 'inSource', justification: waived }] }),
            ...(cost === undefined ? {} : { properties: { cost } }),
          })),
        },
      ],
    },
    undefined,
    2,
  );
};
