/** What the page of the access matrix does: it filters rows, and opens cells. Texts are never taken for HTML. */
export const accessScript = `
'use strict';
const matrix = JSON.parse(document.getElementById('matrix').textContent);
const words = { none: 'none', own: 'own rows', some: 'some rows', all: 'all rows', unknown: 'unknown' };
const search = document.getElementById('search');
const open = document.getElementById('open');
const unknown = document.getElementById('unknown');
const filter = () => {
  const wanted = search.value.trim().toLowerCase();
  for (const section of document.querySelectorAll('section')) {
    let shown = 0;
    for (const row of section.querySelectorAll('tbody tr')) {
      const fits = row.dataset.name.includes(wanted) && (!open.checked || row.dataset.open === 'yes')
        && (!unknown.checked || row.dataset.known === 'no');
      row.hidden = !fits;
      if (fits) shown++;
    }
    section.querySelector('.nothing').hidden = shown > 0;
    section.querySelector('.scroll').hidden = shown === 0;
  }
};
for (const input of [search, open, unknown]) input.addEventListener('input', filter);
document.querySelector('.search').addEventListener('submit', (event) => event.preventDefault());

const make = (name, text, ...children) => {
  const element = document.createElement(name);
  if (text !== undefined && text !== null) element.textContent = text;
  element.append(...children);
  return element;
};
const list = (items) => make('ul', null, ...items);
const tell = (value) => (value === null ? 'not asked' : value ? 'yes' : 'no');
const table = (heads, rows) => {
  const wrap = make('div', null, make('table', null,
    make('thead', null, make('tr', null, ...heads.map((head) => {
      const cell = make('th', head);
      cell.scope = 'col';
      return cell;
    }))),
    make('tbody', null, ...rows.map((row) => make('tr', null, ...row.map((text) => make('td', text)))))));
  wrap.className = 'scroll';
  return wrap;
};
const dialog = document.getElementById('detail');
const show = (role, relation, verb) => {
  const close = make('button', 'Close');
  close.type = 'button';
  close.className = 'close';
  close.addEventListener('click', () => dialog.close());
  const title = make('h2', role.role + ': ' + verb.verb + ' ' + relation.schema + '.' + relation.name);
  title.id = 'detail-title';
  const reach = make('span', verb.verb === 'execute' ? (verb.reach === 'none' ? 'no' : 'may be called') : words[verb.reach]);
  reach.className = 'cell ' + verb.reach;
  const parts = [close, title, make('p', null, reach)];
  if (verb.notes.length > 0) parts.push(make('h3', 'To be known'), list(verb.notes.map((note) => make('li', note))));
  parts.push(make('h3', 'Because'), list(verb.because.map(({ text, sql }) => {
    const item = make('li', text);
    if (sql !== undefined) item.append(make('pre', null, make('code', sql)));
    return item;
  })));
  if (verb.columns.length > 0)
    parts.push(make('h3', 'Columns'), table(['column', 'rows'], verb.columns.map(({ column, reach }) => [column, words[reach]])));
  if (verb.tried.length > 0)
    parts.push(make('h3', 'Rows that were tried'),
      make('p', 'Who asked, whose row it was, what the policies say of it, and what a statement came to.'),
      table(['as', 'row', 'policies', 'statement'],
        verb.tried.map(({ as, row, evaluated, probed }) => [as, row, tell(evaluated), tell(probed)])));
  dialog.replaceChildren(...parts);
  dialog.showModal();
};
document.querySelector('main').addEventListener('click', (event) => {
  const button = event.target.closest('button[data-at]');
  if (button === null) return;
  const [r, i, v] = button.dataset.at.split('.').map(Number);
  const role = matrix.roles[r];
  const relation = role.relations[i];
  show(role, relation, relation.verbs[v]);
});
dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
`;
