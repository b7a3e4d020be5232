/**
 * A finding of the doctor. `good`: fine. `note`: worth knowing. `bad`: the site can't start, could lose data, or lacks
 * something that its settings require.
 */
export type DoctorFinding = { how: 'good' | 'note' | 'bad'; says: string };
