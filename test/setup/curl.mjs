// Stands in for curl where a page of the documentation is tried: the options that the pages use, by fetch.
// The server that it speaks to is the one of the test, whatever port the page has.
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd' },
    // What stands between braces in an address is meant as it is, which it is here anyway.
    globoff: { type: 'boolean', short: 'g' },
  },
});
const url = (positionals[0] ?? '').replace('http://127.0.0.1:4000', process.env.SERVER ?? '');
const response = await fetch(url, {
  method: values.request ?? (values.data === undefined ? 'GET' : 'POST'),
  headers: values.header.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }),
  ...(values.data === undefined ? {} : { body: values.data }),
});
process.stdout.write(await response.text());
