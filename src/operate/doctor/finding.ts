/**
 * What the doctor has found. `good`: as it should be. `note`: worth knowing. `bad`: the site cannot start, would lose
 * something, or cannot do what it is set up to do.
 */
export type DoctorFinding = { how: 'good' | 'note' | 'bad'; says: string };
