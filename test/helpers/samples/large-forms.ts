/** Texts of large forms. */

/** Screens with two questions each. @param lines of each question, beside its first two */
export const formOf = (screens: number, lines: readonly string[] = []): string =>
  [
    'title: Long',
    'screens:',
    ...Array.from({ length: screens }, (_, screen) => [
      `  - id: s${screen}`,
      `    title: Screen ${screen}`,
      '    fields:',
      ...['a', 'b'].flatMap((name) => [
        `      - id: ${name}${screen}`,
        '        type: text',
        `        label: Question ${name} of screen ${screen}`,
        ...lines.map((line) => `        ${line}`),
      ]),
    ]).flat(),
    'endings:',
    '  - { id: done, title: Done }',
    '',
  ].join('\n');

/** Close to the largest text. Its check takes more than a second. */
export const SLOW_FORM = `title: Slow
screens:
  - id: only
    title: Only
    fields:
${Array.from({ length: 11_000 }, (_, n) => `      - { id: f${n}, type: text, label: A question that many people know the answer to }`).join('\n')}
endings: [{ id: done, title: Done }]
`;
