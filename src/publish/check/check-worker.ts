/** Works on forms on a thread of its own. See `form-checker.ts`. */
import { parentPort } from 'node:worker_threads';
import { FORM_WORK, type FormWork } from './form-work.ts';

type Work<Name extends keyof FormWork = keyof FormWork> = { name: Name; input: FormWork[Name][0] };

const answerTo = <Name extends keyof FormWork>({ name, input }: Work<Name>): FormWork[Name][1] =>
  FORM_WORK[name](input);

parentPort?.on('message', (work: Work) => parentPort?.postMessage(answerTo(work)));
// Its modules are loaded. From now on, the time is that of the text.
parentPort?.postMessage('ready');
