/** An SQL file as it is on disk. */
export type MigrationFile = {
  /** The file's name, by which it is ordered and recorded: `0002_comments.sql`. */
  readonly name: string;
  /** As a person is told of it, from the project's folder: `migrations/0002_comments.sql`. */
  readonly path: string;
  readonly text: string;
  /** SHA-256 of the text, in hex; line ends and a byte order mark do not count. */
  readonly checksum: string;
};
