/** The paths that need no session. Every other path of the dashboard needs one. */
export const SIGN_IN = '/admin/sign-in';
export const SETUP = '/admin/setup';
export const CODE = '/admin/code';
export const SIGN_OUT = '/admin/sign-out';

export const OPEN_PATHS: readonly string[] = [SIGN_IN, SETUP, CODE, SIGN_OUT];

/** The first page after signing in. */
export const HOME = '/admin';
