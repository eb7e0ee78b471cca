import type { Column, Relation } from '../model/index.ts';
import type { Survey } from './survey.ts';

/** Names of columns that say whose a row is. */
const OWNER_NAMES: ReadonlySet<string> = new Set([
  'account_id',
  'created_by',
  'creator_id',
  'customer_id',
  'member_id',
  'owner',
  'owner_id',
  'owner_uid',
  'patient_id',
  'profile_id',
  'student_id',
  'uid',
  'user_id',
  'user_uid',
  'user_uuid',
  'userid',
]);

/** Types by which a user is named in a token. */
const OWNER_TYPES: ReadonlySet<string> = new Set(['uuid', 'text', 'character varying']);

const plain = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll('-', '_');

/**
 * The columns of a table that say whose a row is: they refer to `auth.users`, are `auth.uid()` where nothing is
 * given, or are called so.
 */
export const ownerColumns = ({ model }: Pick<Survey, 'model'>, relation: Relation): readonly Column[] => {
  const users = new Set(
    model.relations.filter(({ schema, name }) => schema === 'auth' && name === 'users').map(({ oid }) => oid),
  );
  const referring = new Set(
    model.foreignKeys
      .filter((key) => key.relation === relation.oid && users.has(key.foreignRelation))
      .flatMap(({ columns }) => columns),
  );
  return relation.columns.filter(
    (column) =>
      referring.has(column.number) ||
      column.default === 'auth.uid()' ||
      (OWNER_NAMES.has(plain(column.name)) && OWNER_TYPES.has(column.baseType)),
  );
};

/** Names of columns that tell of a person what not everybody should know. */
const PERSONAL: ReadonlySet<string> = new Set([
  'address',
  'bank_account',
  'birth_date',
  'birthdate',
  'birthday',
  'card_number',
  'credit_card',
  'date_of_birth',
  'diagnosis',
  'dob',
  'driver_license',
  'drivers_license',
  'email',
  'email_address',
  'health_insurance',
  'home_address',
  'iban',
  'insurance_number',
  'ip_address',
  'license_number',
  'medical_record',
  'mobile',
  'national_id',
  'passport',
  'passport_number',
  'phone',
  'phone_number',
  'postal_address',
  'salary',
  'social_security',
  'social_security_number',
  'ssn',
  'street',
  'tax_id',
]);

/** Names of columns that hold what opens something, which nobody needs to read through an API. */
const SECRET: ReadonlySet<string> = new Set([
  'access_token',
  'activation_key',
  'api_key',
  'api_secret',
  'apikey',
  'auth_key',
  'auth_token',
  'bearer_token',
  'card_number',
  'client_secret',
  'cvc',
  'cvv',
  'encrypted_password',
  'hashed_password',
  'jwt',
  'otp',
  'passphrase',
  'passwd',
  'password',
  'password_digest',
  'password_hash',
  'pgp_key',
  'private_key',
  'pwd',
  'recovery_code',
  'refresh_token',
  'secret',
  'secret_key',
  'service_role_key',
  'session_token',
  'ssh_key',
  'two_factor_secret',
  'webhook_secret',
]);

export const isPersonal = ({ name }: Pick<Column, 'name'>): boolean => PERSONAL.has(plain(name));

export const isSecret = ({ name }: Pick<Column, 'name'>): boolean => SECRET.has(plain(name));
