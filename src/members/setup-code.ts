/** The setup code: it proves that the first member has access to the server. */
import { readableCode } from '../record/ids.ts';
import { sameSecret } from '../record/crypto/secrets.ts';

/** Print a `generated` code once, and one from the environment never. */
export type SetupCode = { code: string; generated: boolean };

/** The code from the environment (`SETUP_CODE`), or a new one such as `KP4T-W7HX-CDF2` (55 bits). */
export function setupCode(chosen: string | undefined): SetupCode {
  if (chosen && plainCode(chosen)) return { code: chosen, generated: false };
  return { code: newCode(), generated: true };
}

/** Whether `attempt` is the code; spaces, hyphens and case do not matter. Takes the same time for every attempt. */
export function isSetupCode({ code }: SetupCode, attempt: string): boolean {
  return sameSecret(plainCode(attempt), plainCode(code));
}

/** A new code such as `KP4T-W7HX-CDF2` (55 bits). */
export const newCode = (): string => [readableCode(4), readableCode(4), readableCode(4)].join('-');

/** A code as it is compared: spaces, hyphens and case do not matter. */
export const plainCode = (text: string): string => text.replace(/[\s-]/g, '').toUpperCase();
