/** The log: lines of JSON for operators, without anybody's answers or secrets. */
import { pino, type DestinationStream, type Logger } from 'pino';

/** @param destination the terminal, unless said */
export function createLog(level: string, destination?: DestinationStream): Logger {
  // Nobody passes these on purpose. PostgreSQL tells the row that it refused in `detail`, and what it was about in `where`.
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
