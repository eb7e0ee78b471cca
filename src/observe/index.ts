/**
 * observe: sinks of observations. A log as lines of JSON for machines, or as text for who watches a terminal.
 * What is observed is declared where it happens; here is only chosen what is told, and how.
 */
export * from './log.ts';
export * from './log-lines.ts';
