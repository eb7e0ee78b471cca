import type { ComponentType } from 'preact';
import { Citations } from './parts/cite.tsx';
import { View } from './parts/view.tsx';
import { Link, usePlace } from './router.tsx';
import { Ask } from './views/ask.tsx';
import { Compare } from './views/compare.tsx';
import { Demand } from './views/demand.tsx';
import { Explore } from './views/explore.tsx';
import { Gaps } from './views/gaps.tsx';
import { Path } from './views/path.tsx';

const views: readonly { readonly path: string; readonly name: string; readonly View: ComponentType }[] = [
  { path: '/', name: 'Explore', View: Explore },
  { path: '/compare', name: 'Compare', View: Compare },
  { path: '/demand', name: 'In demand', View: Demand },
  { path: '/path', name: 'Path', View: Path },
  { path: '/gaps', name: 'Gaps', View: Gaps },
  { path: '/ask', name: 'Ask', View: Ask },
];

const NotHere = () => (
  <View title="Not here" lead="The notebook has no such page." sent={[]}>
    <p>
      <Link to="/">Explore the roles</Link> instead.
    </p>
  </View>
);

export const App = () => {
  const { path } = usePlace();
  const Current = views.find((view) => view.path === path)?.View ?? NotHere;
  return (
    <Citations>
      <a class="skip" href="#main">
        To the content
      </a>
      <header class="site-head">
        <p class="site-name">
          <Link to="/">Career notebook</Link>
        </p>
        <nav aria-label="Views">
          <ul>
            {views.map((view) => (
              <li key={view.path}>
                <Link to={view.path} current={view.path === path}>
                  {view.name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <Current key={path} />
      <footer class="site-foot">
        <p>
          Facts gathered in early 2025. The API behind this page is open, too: see{' '}
          <a href="/docs">how to ask it</a>.
        </p>
      </footer>
    </Citations>
  );
};
