import type { SandboxPerson } from './people.ts';

const nobody = {
  middleName: null,
  suffix: null,
  gender: null,
  dob: null,
  maritalStatus: null,
  countryResidence: null,
  citizenship: null,
  photoUrl: null,
  referenceId: null,
  profileUrl: null,
  socialProfiles: [],
  addresses: [],
};

/** The test people in the documents' examples. For Anisha only contacts are documented. */
const identities: Record<string, Record<string, unknown>> = {
  George: {
    fullName: 'George Cimafranca Palomero, Jr',
    firstName: 'George',
    middleName: 'Cimafranca',
    lastName: 'Palomero',
    suffix: 'Jr',
    gender: 'Male',
    dob: '1970-08-24',
    maritalStatus: 'Married',
    countryResidence: 'PH',
    citizenship: 'Citizen',
    phones: [{ number: '+639559991234', type: 'Mobile' }],
    addresses: [
      {
        fullAddress: '12 Maybunga St, Barangay Paraiso, Pasig City, NCR, 1600, PH',
        line1: '12 Maybunga St',
        line2: 'Barangay Paraiso',
        city: 'Pasig City',
        region: 'NCR',
        zip: '1600',
        country: 'PH',
        latitude: '14.573454',
        longitude: '121.085042',
        type: 'Primary',
        tags: ['Primary', 'Home'],
      },
    ],
  },
  Ryan: {
    fullName: 'Ryan Joseph Peterson Chua Ng',
    firstName: 'Ryan Joseph Peterson',
    middleName: 'Chua',
    lastName: 'Ng',
    gender: 'Male',
    dob: '1995-06-24',
    maritalStatus: 'Single',
    citizenship: 'Citizen',
    phones: [
      { number: '+639559994321', type: 'Mobile' },
      { number: '+63289053000', type: 'Fixed' },
    ],
    addresses: [
      {
        fullAddress: '24 Eagle St, Binondo, Manila, NCR, 1008, PH',
        line1: '24 Eagle St',
        line2: 'Binondo',
        city: 'Manila',
        region: 'NCR',
        zip: '1008',
        country: 'PH',
        latitude: '14.600454',
        longitude: '120.969042',
        type: 'Primary',
        tags: ['Primary'],
      },
    ],
  },
  Christina: {
    fullName: 'Christina Tan',
    firstName: 'Christina',
    middleName: 'dela Cruz',
    lastName: 'Tan',
    gender: 'Female',
    dob: '1997-02-12',
    maritalStatus: 'Single',
    citizenship: 'Citizen',
    phones: [
      { number: '+639559996789', type: 'Mobile' },
      { number: '+639226789888', type: 'Mobile' },
    ],
    addresses: [
      {
        fullAddress: null,
        line1: null,
        line2: null,
        city: null,
        region: null,
        zip: null,
        country: 'PH',
        latitude: null,
        longitude: null,
        type: 'Primary',
        tags: [],
      },
    ],
  },
  Anisha: {
    fullName: 'Anisha Bhatia',
    firstName: 'Anisha',
    lastName: 'Bhatia',
    phones: [{ number: '+919511198765', type: 'Mobile' }],
  },
};

/** The identity of a test person, without provider-specific values. */
export function identityOf(person: SandboxPerson): Record<string, unknown> {
  return { ...nobody, ...identities[person.userName], emails: [{ address: person.email, type: 'Primary' }] };
}
