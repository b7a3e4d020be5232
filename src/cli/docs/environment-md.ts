/** `docs/operate/configuration.md` and `.env.example`, generated from the schema of the environment. */
import { TOGETHER, VARIABLE_GROUPS, wordsOfVariable, type Variable } from '../../environment/variables.ts';

/** The reference of all variables as Markdown, not yet formatted. */
export function configurationDocument(): string {
  const sections = Object.entries(VARIABLE_GROUPS).map(([title, variables]) => {
    const rows = Object.keys(variables).map((name) => rowOf(name as Variable));
    return `## ${title}\n\n| Variable | What it does | Default | Example | Set it when |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}`;
  });
  return `# Configure Flipsite

<!-- npm run docs generates this page from src/environment/variables.ts. Change that file and run the command again. -->

This page is for operators. It lists every environment variable that Flipsite reads, so that you can find the one you need.

You can start without any of them. To change a setting:

1. Copy \`.env.example\` to \`.env\`. That file lists the same variables.
2. Remove the \`#\` in front of the line and write your value. Put a value with a \`#\` into quotation marks, because \`#\` begins a comment. A variable of the process wins over the same one in \`.env\`.
3. Run \`npm run doctor\` to check the settings.
4. Start Flipsite again. It reports all errors in the settings together.

These variables work only together:

${TOGETHER.map(({ rule }) => `- ${codeNames(rule)}.`).join('\n')}

${sections.join('\n\n')}

## Other variables

| Variable | What it does |
| --- | --- |
| The name in \`secret_env\` of a form | Secret that signs the webhooks of that form. [Webhooks](../integrate/webhooks.md) describes it. |
| \`API_ORIGIN\` | Address of this site, for \`npm run build -- --static\`. [Host pages elsewhere](static-hosting.md) describes it. |
| \`SMILE_PORT\` | Port of \`npm run smile\`. The default is \`8010\`. |
`;
}

/** `.env.example`: every variable as a comment, with its purpose and its default. */
export function envExample(): string {
  const names = Object.values(VARIABLE_GROUPS).flatMap((variables) => Object.keys(variables)) as Variable[];
  const entries = names.map((name) => {
    const { description, fallback, example } = wordsOfVariable(name);
    return `# ${`${description} Default: ${fallback}.`.replaceAll('`', '')}\n# ${name}=${example}`;
  });
  return `# You can start Flipsite without any of these settings. It then uses local Smile.
# Flipsite reads the file .env. To set one, remove the # in front of its line there. Put a value with a # into quotation marks. docs/operate/configuration.md explains each.

${entries.join('\n\n')}
`;
}

function rowOf(name: Variable): string {
  const { description, fallback, example, neededWhen } = wordsOfVariable(name);
  return `| \`${name}\` | ${description} | ${fallback} | \`${example}\` | ${neededWhen} |`;
}

const codeNames = (rule: string): string => rule.replace(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g, '`$&`');
