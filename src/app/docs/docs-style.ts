/** The style sheet of the documentation page: light and dark, and readable on a phone. */
export const docsStyle = `
:root {
  color-scheme: light dark;
  --text: #1d2129; --quiet: #5d6675; --line: #dfe3e8; --ground: #fff; --raised: #f5f7f9;
  --accent: #1a5fb4; --yes: #17663a; --yes-ground: #e3f4e9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e7ec; --quiet: #9aa4b2; --line: #313844; --ground: #14171c; --raised: #1c2027;
    --accent: #7fb3f5; --yes: #7fdca4; --yes-ground: #17351f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 6rem; background: var(--ground); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; overflow-wrap: break-word;
}
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1rem 0 .25rem; }
h2 { font-size: 1.35rem; margin: 3rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.1rem; margin: 0; display: inline; }
a { color: var(--accent); }
p { margin: .6rem 0; }
.quiet, th { color: var(--quiet); }
code, pre { font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { background: var(--raised); border-radius: 4px; padding: .1em .3em; }
pre {
  background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem;
  margin: .6rem 0 1.2rem; white-space: pre-wrap; overflow-wrap: anywhere;
}
pre code { background: none; padding: 0; }
nav ul { columns: 14rem; list-style: none; margin: .5rem 0; padding: 0; }
nav li { padding: .1rem 0; }
details { border: 1px solid var(--line); border-radius: 8px; margin: .75rem 0; padding: 0 1rem; }
details[open] { padding-bottom: .75rem; }
summary { cursor: pointer; padding: .75rem 0; }
summary .quiet { display: block; margin-left: 1.1rem; }
details [id] { scroll-margin-top: 6rem; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 1rem; font-size: .94rem; }
th { font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
.scroll { overflow-x: auto; }
.yes { background: var(--yes-ground); color: var(--yes); border-radius: 4px; padding: .05rem .4rem; white-space: nowrap; }
.no { color: var(--quiet); }
@media (max-width: 30rem) {
  details { padding: 0 .6rem; }
  table { font-size: .8rem; }
  th, td { padding-right: .25rem; }
}
`;
