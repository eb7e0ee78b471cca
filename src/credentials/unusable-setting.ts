/** A setting that tokens cannot be verified with; the message says why and what to do, and never shows a key. */
export class UnusableSetting extends Error {
  readonly setting: 'keys' | 'algorithms' | 'roleClaim';

  constructor(setting: UnusableSetting['setting'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'UnusableSetting';
    this.setting = setting;
  }
}
