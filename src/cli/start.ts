/** `npx flipsite start`: the site of this folder. In a clone, `npm start` runs the server itself. */
import { npmCommand } from './npm-command.ts';

await npmCommand('start', 'Starts the site of this folder.', 'npm start')
  .action(async () => {
    await import('../server.ts');
  })
  .parseAsync();
