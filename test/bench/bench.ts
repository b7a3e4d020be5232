/** `npm run bench -- NAME`: measures one thing, prints it as Markdown, and says by its exit status whether the goals hold. */

export interface Suite {
  /**
   * @param args the arguments after the suite's name. @returns whether all goals hold that do not depend on the machine
   */
  run(args: string[]): Promise<boolean>;
}

const SUITES: Record<string, { about: string; load(): Promise<Suite> }> = {
  page: {
    about: "a form's page on a cheap phone, beside the same form written by hand [--rounds 9]",
    load: () => import('./page.ts'),
  },
  server: {
    about:
      'submissions and pages a second, beside bare servers that do the same [--rounds 3] [--seconds 6] [--native | --fast-path | --links]',
    load: () => import('./server/server.ts'),
  },
  start: {
    about: 'from the package, and from a clone, to a form that answers',
    load: () => import('./start.ts'),
  },
  growth: {
    about:
      'what people look at, with 10 thousand submissions and with a million [--folder kept] [--rounds 41] [--most 1000000] [--database sqlite | postgresql]',
    load: () => import('./growth/growth.ts'),
  },
  edit: {
    about: 'a change in the text of a form, beside reading that text once',
    load: () => import('./edit.ts'),
  },
  editor: {
    about: 'from a key in the editor to the next frame, for 3,000 lines and a slow processor',
    load: () => import('./editor.ts'),
  },
  preview: {
    about: 'from a key in the editor to the new page in its preview, for 200 screens',
    load: () => import('./preview.ts'),
  },
};

const [name = '', ...args] = process.argv.slice(2);
const suite = SUITES[name];
if (suite) {
  const { run } = await suite.load();
  process.exitCode = (await run(args)) ? 0 : 1;
} else {
  const known = Object.entries(SUITES).map(([one, { about }]) => `  npm run bench -- ${one.padEnd(8)} ${about}`);
  console.error([name ? `There is no benchmark called ${name}. There is:` : 'There is:', '', ...known].join('\n'));
  process.exitCode = 1;
}
