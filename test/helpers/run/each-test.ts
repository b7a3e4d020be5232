/** Runs before each file of tests, in the worker that it shares with others. */
import { afterEach } from 'vitest';
import { doAfterwards } from './afterwards.ts';
import './quick-scrypt.ts';

afterEach(doAfterwards);
