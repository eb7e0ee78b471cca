/**
 * Kills, stops and cuts off what an API needs while clients write, and proves that nothing acknowledged is lost and
 * nothing is applied twice. See README.md.
 *
 *   npm run crash -- [SCENARIO …] [--strikes 1000] [--writers 4] [--minutes 30] [--json]
 */
import { parseArgs } from 'node:util';
import { quantile } from './quantile.ts';
import { type Report, runScenario } from './run-scenario.ts';
import { scenarios } from './scenarios.ts';
import { Unavailable } from './small-disk.ts';

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    strikes: { type: 'string', default: '1000' },
    writers: { type: 'string', default: '4' },
    minutes: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const printReport = ({ name, strikes, counts, recoveries, violations }: Report): string => {
  const ms = (share: number): string => `${Math.round(quantile(recoveries, share))} ms`;
  const { done, unknown, unavailable, reads, closed } = counts;
  return [
    `${name}: ${strikes} strikes, back after ${ms(0.5)} (median), ${ms(0.99)} (99th percentile), ${ms(1)} at most`,
    `  ${done} writes acknowledged, ${unknown} left open, ${reads} reads, ${unavailable} answers with 503`,
    ...(closed === 0 ? [] : [`  ${closed} connections that were kept were closed as they were used`]),
    violations.length === 0
      ? '  nothing lost, nothing twice, no wrong answer'
      : `  VIOLATED ${violations.length} times:\n${violations
          .slice(0, 20)
          .map((violation) => `    ${violation}`)
          .join('\n')}`,
  ].join('\n');
};

const isCount = (text: string): boolean => /^\d+$/.test(text) && Number(text) > 0;
for (const name of ['strikes', 'writers', 'minutes'] as const) {
  if (isCount(options[name])) continue;
  say(`--${name} wants a number, not ${options[name]}.`);
  process.exit(2);
}

if (options.help) {
  say('npm run crash -- [SCENARIO …] [--strikes 1000] [--writers 4] [--minutes 30] [--json]\n');
  for (const { name, what } of scenarios) say(`  ${name.padEnd(18)}${what}`);
  process.exit(0);
}

const unknown = wanted.find((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown !== undefined) {
  say(`There is no scenario ${unknown}. There are: ${scenarios.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const chosen = scenarios.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const until = performance.now() + Number(options.minutes) * 60_000;
let violated = false;
for (const scenario of chosen) {
  if (performance.now() > until) {
    say(`${scenario.name}: left out, as the ${options.minutes} minutes are over (--minutes).`);
    continue;
  }
  const strikes = Math.max(1, Math.round(Number(options.strikes) * scenario.share));
  say(`${scenario.name}: ${scenario.what}`);
  const running = runScenario(scenario, {
    strikes,
    writers: Number(options.writers),
    isOver: () => performance.now() > until,
    onStrike: (done) => {
      if (done % 50 === 0) say(`  ${done} of ${strikes}`);
    },
  });
  const report = await running.catch((error: unknown) => {
    if (!(error instanceof Unavailable)) throw error;
    say(`  left out: ${error.message}`);
    return undefined;
  });
  if (report === undefined) continue;
  violated ||= report.violations.length > 0;
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${printReport(report)}\n`);
}
process.exitCode = violated ? 1 : 0;
