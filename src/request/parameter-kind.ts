/** What a parameter's name says it is. */
export type ParameterKind =
  | 'order'
  | 'logic'
  | 'columns'
  | 'select'
  | 'filter'
  | 'onConflict'
  | 'limit'
  | 'offset';

/** Tells what a parameter is by its name, decoded. */
export const kindOf = (name: string): ParameterKind => {
  switch (name) {
    case 'select':
    case 'columns':
      return name;
    case 'on_conflict':
      return 'onConflict';
  }
  const dot = name.lastIndexOf('.');
  switch (dot < 0 ? name : name.slice(dot + 1)) {
    case 'order':
      return 'order';
    case 'and':
    case 'or':
      return 'logic';
    case 'limit':
      return 'limit';
    case 'offset':
      return 'offset';
    default:
      return 'filter';
  }
};
