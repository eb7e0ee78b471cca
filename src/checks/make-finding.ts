import type { Finding, Severity } from '../base/index.ts';
import { type FindingId, findingRegister } from './finding-register.ts';
import { readWaivers } from './waiver.ts';

/** What a finding says beyond its id. */
export type FindingText = {
  readonly subject: string;
  readonly message: string;
  readonly remedy?: string;
  /** Default: that of the register. */
  readonly severity?: Severity;
  /** The comment of the object on which it can be waived. */
  readonly comment: string | null;
};

/** Makes a finding of a registered kind; a waiver in the object's comment is looked for. */
export const makeFinding = (id: FindingId, text: FindingText): Finding => {
  const { severity, why } = findingRegister[id];
  const waivers = readWaivers(text.comment);
  const waived = waivers.reasonFor(id);
  return {
    id,
    severity: text.severity ?? severity,
    subject: text.subject,
    message: waivers.lacksReason(id)
      ? `${text.message} Its comment waives this without a reason, which does not count.`
      : text.message,
    why,
    ...(text.remedy === undefined ? {} : { remedy: text.remedy }),
    docs: `docs/reference/findings.md#${id}`,
    ...(waived === undefined ? {} : { waived }),
  };
};
