import { docsStyle } from '../docs/docs-style.ts';

/** The style sheet of the access matrix: that of the documentation, and the cells. */
export const accessStyle = `${docsStyle}
:root {
  --own: #17663a; --own-ground: #e3f4e9; --some: #7a4b00; --some-ground: #fdf0d5;
  --all: #a31621; --all-ground: #fde8e8; --unknown: #6b21a8; --unknown-ground: #f3e8fd;
}
@media (prefers-color-scheme: dark) {
  :root {
    --own: #7fdca4; --own-ground: #17351f; --some: #f2c46d; --some-ground: #3a2c0d;
    --all: #ff9a9a; --all-ground: #421a1d; --unknown: #d3a6ff; --unknown-ground: #32204a;
  }
}
body { max-width: 72rem; }
.legend { margin: 1rem 0; }
.legend div { display: flex; gap: .75rem; align-items: baseline; margin: .3rem 0; }
.legend dt { flex: 0 0 7rem; }
.legend dd { margin: 0; }
nav a { margin-right: 1rem; }
.search {
  display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; position: sticky; top: 0; z-index: 1;
  background: var(--ground); padding: .75rem 0; border-bottom: 1px solid var(--line);
}
input[type=search] {
  font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--quiet); border-radius: 6px;
  padding: .35rem .6rem; min-width: 12rem;
}
h2 { scroll-margin-top: 4rem; }
tbody th { font-weight: 400; color: inherit; }
small { color: var(--quiet); font-size: .8rem; }
.cell {
  font: inherit; font-size: .9rem; text-align: left; border: 1px solid transparent; border-radius: 6px;
  padding: .15rem .5rem; background: none; color: var(--quiet);
}
button.cell { cursor: pointer; }
button.cell:hover { border-color: currentColor; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.cell small { color: inherit; display: block; }
.own { color: var(--own); background: var(--own-ground); }
.some { color: var(--some); background: var(--some-ground); }
.all { color: var(--all); background: var(--all-ground); }
.unknown { color: var(--unknown); background: var(--unknown-ground); font-weight: 600; }
.mark { font-weight: 700; }
dialog {
  border: 1px solid var(--line); border-radius: 10px; background: var(--ground); color: var(--text);
  width: min(48rem, calc(100vw - 2rem)); max-height: 85vh; overflow: auto; padding: 1.25rem;
}
dialog::backdrop { background: rgb(0 0 0 / .45); }
dialog h2 { margin: 0 2.5rem .5rem 0; padding: 0; border: 0; }
dialog h3 { display: block; margin: 1.25rem 0 .25rem; }
dialog ul { padding-left: 1.2rem; margin: .25rem 0; }
dialog .close {
  position: absolute; top: .9rem; right: .9rem; font: inherit; color: inherit; cursor: pointer;
  background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .2rem .6rem;
}
[hidden] { display: none !important; }
@media (max-width: 40rem) {
  .legend div { display: block; }
  .cell { padding: .1rem .25rem; font-size: .8rem; }
}
`;
