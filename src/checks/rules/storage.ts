import type { Finding } from '../../base/index.ts';
import { audienceOf } from '../audience.ts';
import { makeFinding } from '../make-finding.ts';
import { type Rule, reachFor } from '../survey.ts';
import { listWords, nameRoles } from '../words.ts';

/** Policies that show the names of all files of a public bucket. */
export const findBucketListing: Rule = (survey) => {
  const objects = survey.relationNamed({ schema: 'storage', name: 'objects' });
  const { publicBuckets } = survey.evidence;
  if (objects === undefined || publicBuckets.length === 0) return [];
  return survey.policies(objects).flatMap((surveyed): readonly Finding[] => {
    const { policy, using } = surveyed;
    const reach = reachFor(surveyed, 'select');
    // A policy that looks at nothing but the bucket shows all files of it.
    const whole =
      reach === 'everybody' ||
      reach === 'signed-in' ||
      (reach === 'some-rows' && [...(using?.columns ?? [])].every((column) => column === 'bucket_id'));
    const roles = audienceOf(survey, surveyed, 'select');
    const named = publicBuckets.filter(
      (bucket) =>
        using === undefined || !using.columns.has('bucket_id') || using.text.includes(`'${bucket}'`),
    );
    if (!whole || roles.length === 0 || named.length === 0) return [];
    return [
      makeFinding('public-bucket-listing', {
        subject: 'storage.objects',
        comment: objects.comment,
        message: `${nameRoles(roles)} can list all files of the public ${named.length === 1 ? 'bucket' : 'buckets'} ${listWords(named)}, by the policy "${policy.name}". To read a file whose name is known takes no policy.`,
        remedy: `drop policy "${policy.name.replaceAll('"', '""')}" on storage.objects;`,
      }),
    ];
  });
};
