import { type Members, members } from './members.ts';

const query = (name: string, description: string) =>
  members({ name, description, required: false, in: 'query', type: 'string' });

const header = (name: string, description: string, more: Members = {}) =>
  members({ name, description, required: false, in: 'header', type: 'string', ...more });

const RETURN = ['return=representation', 'return=minimal', 'return=none'];
const RESOLUTION = ['resolution=ignore-duplicates', 'resolution=merge-duplicates'];

const prefer = (values: readonly string[]) => header('Prefer', 'Preference', { enum: values });

/** The parameters that operations of all resources share. */
export const SHARED_PARAMETERS = {
  preferParams: prefer([]),
  preferReturn: prefer(RETURN),
  preferCount: prefer(['count=none']),
  preferPost: prefer([...RETURN, ...RESOLUTION]),
  select: query('select', 'Filtering Columns'),
  on_conflict: query('on_conflict', 'On Conflict'),
  order: query('order', 'Ordering'),
  range: header('Range', 'Limiting and Pagination'),
  rangeUnit: header('Range-Unit', 'Limiting and Pagination', { default: 'items' }),
  offset: query('offset', 'Limiting and Pagination'),
  limit: query('limit', 'Limiting and Pagination'),
};
