/** The log: lines of JSON for operators, without answers and secrets. */
import { pino, type DestinationStream, type Logger } from 'pino';

/** @param destination the default is the terminal */
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
  return destination ? pino(options, destination) : pino(options);
}
