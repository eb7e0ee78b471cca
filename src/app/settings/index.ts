/** The table of settings: a door of its own, as every command's options are read from it. */

export { optionOf, type Taker } from './setting.ts';
export { settingNames, settingOf } from './settings.ts';
