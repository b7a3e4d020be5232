/** The log: lines of JSON for operators, without answers and secrets. */
import { pino, type DestinationStream, type Logger } from 'pino';

/** @param destination by default the standard output. While its disk is full, the site continues and loses lines */
export function createLog(level: string, destination?: DestinationStream): Logger {
  // PostgreSQL's errors have the refused row in `detail`, and its context in `where`.
  const named = [
    'authorization',
    'cookie',
    'password',
    'token',
    'accessToken',
    'answers',
    'detail',
    'where',
    'parameters',
  ];
  const paths = named.flatMap((name) => [name, `*.${name}`, `err.cause.${name}`]);
  const options = { level, redact: { paths, censor: '[left out]' } };
  if (destination) return pino(options, destination);
  // Without a listener, an error ends the process. pino's own stream does not let a process exit while its disk is full.
  process.stdout.on('error', () => undefined);
  return pino(options, process.stdout);
}
