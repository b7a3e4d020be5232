/**
 * A finding of the doctor. `error`: the site can't start, could lose data, or lacks something that its settings require.
 * `note`: worth knowing, and no error.
 */
export type DoctorFinding = { level: 'ok' | 'note' | 'error'; message: string };
