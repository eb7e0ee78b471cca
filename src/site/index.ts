/**
 * site: a folder of files, served as pages beside the API. It decides what of the folder may be seen, how it is
 * sent and how long it is kept, and lets a page have routes of its own.
 */
export { openSite, type Site, type SiteOptions } from './site.ts';
