/** Compiles texts of forms on a thread of its own. See `form-checker.ts`. */
import { parentPort } from 'node:worker_threads';
import { compileForm } from '../form/folder.ts';
import type { CheckRequest } from './form-checker.ts';

parentPort?.on('message', ({ file, text, now }: CheckRequest) => {
  parentPort?.postMessage(compileForm(file, text, now));
});
// Its modules are loaded. From now on, the time is that of the text.
parentPort?.postMessage('ready');
