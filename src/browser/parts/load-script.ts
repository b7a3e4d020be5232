import { element } from '../element.ts';

const scripts = new Map<string, Promise<boolean>>();

/** Adds a script once. Resolves to whether it loaded; a failed try is forgotten, so that the next one may succeed. */
export function loadScript(src: string): Promise<boolean> {
  const known = scripts.get(src);
  if (known) return known;
  const loading = new Promise<boolean>((done) => {
    const script = element('script', { src, async: true });
    script.addEventListener('load', () => done(true));
    script.addEventListener('error', () => {
      scripts.delete(src);
      script.remove();
      done(false);
    });
    document.head.append(script);
  });
  scripts.set(src, loading);
  return loading;
}
