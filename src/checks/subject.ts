import type { Model } from '../model/index.ts';
import type { Evidence, ExposureEvidence } from './evidence.ts';

/** What is looked at: a database as it was at one moment. */
export type Subject = { readonly model: Model; readonly evidence: Evidence };

/** As much of it as tells what is open. */
export type ExposureSubject = { readonly model: Model; readonly evidence: ExposureEvidence };
